//! The node: Pods as process groups of this host.
