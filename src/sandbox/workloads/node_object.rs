//! The Node object and its Lease, by which a cluster sees that its node lives.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Node;
use kube::Client;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::sandbox::node::NODE;

/// How often the node says that it lives, as a kubelet does.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Runs until `shutdown`.
pub async fn run(client: Client, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(HEARTBEAT);
    let mut registered = false;
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        let written = async {
            if !registered {
                register(&client).await?;
            }
            renew(&client).await
        };
        match written.await {
            Ok(()) => registered = true,
            Err(error) => tracing::warn!(%error, "cannot write the node's state and try again"),
        }
    }
}

async fn register(client: &Client) -> Result<(), kube::Error> {
    let nodes = Api::<Node>::all(client.clone());
    let parameters = PatchParams::apply("kubelet").force();
    let labels = json!({
        "kubernetes.io/hostname": NODE,
        "kubernetes.io/os": std::env::consts::OS,
        "kubernetes.io/arch": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
    });
    let node =
        json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": NODE, "labels": labels }, "spec": {} });
    nodes.patch(NODE, &parameters, &Patch::Apply(node)).await?;
    let now = Timestamp::now();
    let condition = |kind: &str, holds: bool, reason: &str, message: &str| {
        json!({
            "type": kind, "status": if holds { "True" } else { "False" }, "reason": reason, "message": message,
            "lastHeartbeatTime": now, "lastTransitionTime": now,
        })
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let memory = memory().await;
    let kernel = read("/proc/sys/kernel/osrelease").await;
    let status = json!({ "status": {
        "conditions": [condition("Ready", true, "KubeletReady", "the sandbox runs Pods as processes of this host")],
        "addresses": [{ "type": "InternalIP", "address": "127.0.0.1" }, { "type": "Hostname", "address": NODE }],
        "capacity": { "cpu": cores, "memory": memory, "pods": "1000" },
        "allocatable": { "cpu": cores, "memory": memory, "pods": "1000" },
        "nodeInfo": {
            "kubeletVersion": format!("v{}", env!("CARGO_PKG_VERSION")), "kubeProxyVersion": "",
            "operatingSystem": std::env::consts::OS, "architecture": std::env::consts::ARCH, "osImage": "host",
            "kernelVersion": kernel.trim(), "containerRuntimeVersion": "process://", "machineID": "", "systemUUID": "", "bootID": "",
        },
    } });
    nodes.patch_status(NODE, &PatchParams::apply("kubelet"), &Patch::Merge(status)).await?;
    Ok(())
}

/// A file of the kernel; empty where there is none.
async fn read(path: &str) -> String {
    tokio::fs::read_to_string(path).await.unwrap_or_default()
}

/// The memory of the host as a quantity.
async fn memory() -> String {
    let text = read("/proc/meminfo").await;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next());
    total.map_or_else(|| "0".to_owned(), |kibibytes| format!("{kibibytes}Ki"))
}

async fn renew(client: &Client) -> Result<(), kube::Error> {
    let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("coordination.k8s.io", "v1", "Lease"));
    let leases = Api::<DynamicObject>::namespaced_with(client.clone(), "kube-node-lease", &kind);
    // MicroTime has six digits after the second, no more and no fewer.
    let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string();
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": { "name": NODE },
        "spec": { "holderIdentity": NODE, "leaseDurationSeconds": 40, "renewTime": now },
    });
    leases.patch(NODE, &PatchParams::apply("kubelet").force(), &Patch::Apply(lease)).await?;
    Ok(())
}
