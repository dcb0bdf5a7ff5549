//! `controller`: the reconcilers, until a signal comes.

use super::Context;
use crate::cli::controller::{ControllerArgs, ReachArg};
use crate::cluster::Cluster;
use crate::controller::{self, AgentRuntime, Options, Reach};
use crate::error::{Code, Result};

/// Runs the controllers until INT or TERM.
pub async fn run(context: &Context, args: &ControllerArgs) -> Result<()> {
    super::log_to_stderr(context.global.verbose);
    let cancelled = context.cancelled_by_signal();
    let cluster = context.cluster().await?;
    let options = options(context, cluster, args);
    if args.agent || args.task {
        refuse_beside_platform(cluster, &options).await?;
    }
    controller::run(cluster.client.clone(), options, cancelled).await
}

fn options(context: &Context, cluster: &Cluster, args: &ControllerArgs) -> Options {
    // A Pod may work with another cluster than its own: by a kubeconfig or an address.
    let is_pod = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
    let inside = is_pod && cluster.context.is_none() && context.global.connection.server.is_none();
    let reach = match args.reach {
        ReachArg::Direct => Reach::Direct,
        ReachArg::Auto if inside => Reach::Direct,
        ReachArg::Auto | ReachArg::Tunnel => Reach::Tunnel,
    };
    Options {
        session: args.session || !(args.agent || args.task),
        agent: args.agent,
        task: args.task,
        namespace: context.global.connection.namespace.clone(),
        reach,
        runtime: AgentRuntime::cluster(),
        leader_election: args.leader_elect,
        listen: args.listen,
        limits: controller::Limits::default(),
    }
}

async fn refuse_beside_platform(cluster: &Cluster, options: &Options) -> Result<()> {
    match controller::platform_controller(&cluster.client).await {
        Ok(None) => Ok(()),
        Err(error) if error.code == Code::Forbidden => {
            tracing::warn!(%error, "cannot tell whether KubeOpenCode's own controller serves this cluster");
            Ok(())
        }
        Err(error) => Err(error),
        Ok(Some(namespace)) => Err(controller::give_way(&cluster.client, options, &namespace).await),
    }
}
