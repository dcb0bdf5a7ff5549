//! The cluster: kubeconfig, connection, tunnel, access checks, watch and wait.
