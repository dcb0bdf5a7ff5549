//! `install`.

use clap::Args;

/// What to bring into the cluster.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Applied are the definition of Sessions and the ClusterRoles of users, viewers and the controller, and those \
    that add Sessions to the built-in roles admin, edit and view; with --image also the controller, in the namespace \
    kubectl-opencode. It takes a cluster administrator. Doing it again brings \
    everything up to date.\n\nTo remove it, delete the Sessions first, while their controller runs: without it they stay, and the \
    definition with them. Then delete the rest:\n\n  \
    kubectl delete sessions.session.kubeopencode.io --all -A\n  \
    kubectl opencode install --image IMAGE --print | kubectl delete --ignore-not-found -f -"
)]
pub struct InstallArgs {
    /// Run the controller in the cluster, from an image with this program as its entry point
    #[arg(long, value_name = "IMAGE")]
    pub image: Option<String>,
    /// Take over fields that somebody else set
    #[arg(long)]
    pub force_conflicts: bool,
    /// Let the server check everything, and change nothing
    #[arg(long, conflicts_with = "print")]
    pub dry_run: bool,
    /// Print the manifests instead, without a cluster
    #[arg(long)]
    pub print: bool,
}
