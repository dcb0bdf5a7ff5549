//! The life of a sandbox, with the real program: starting, stopping, being killed, and everything that can be in its way.

#[cfg(test)]
mod agents;
#[cfg(test)]
mod controllers;
#[cfg(test)]
mod home;
#[cfg(test)]
mod install;
#[cfg(test)]
mod kubeconfig;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod obstacles;
#[cfg(test)]
mod orphans;
#[cfg(test)]
mod transitions;
