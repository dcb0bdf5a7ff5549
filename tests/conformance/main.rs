//! What a Kubernetes API server must answer, asked by kube-rs and by the real kubectl.
//!
//! Each test gets a cluster and a namespace of its own. By default the cluster is the sandbox's API server, started in
//! the test; with `TEST_KUBECONFIG=FILE` it is the one that the file names, and the same tests run there unchanged.

#[cfg(test)]
mod cluster;
#[cfg(test)]
mod custom;
#[cfg(test)]
mod deletion;
#[cfg(test)]
mod generic;
#[cfg(test)]
mod kubectl;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod patches;
#[cfg(test)]
mod words;

#[cfg(test)]
use cluster::Cluster;
