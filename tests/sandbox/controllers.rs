//! `kubectl opencode controller` beside a sandbox: over the tunnel, with the rights that `install` gives it, and two of them
//! for one Lease.

use std::fs;
use std::process::{Child, Stdio};

use k8s_openapi::api::coordination::v1::Lease;
use kube::Api;
use kubectl_opencode::api::Session;
use kubectl_opencode::api::session::{Activity, SessionPhase};

use crate::agents::{is_idle, until};
use crate::home::{Home, LONG, PROGRAM};

/// The Lease of the controllers.
const LEASE: &str = "kubectl-opencode-controller";

/// Where the controllers of a cluster live.
const NAMESPACE: &str = "kubectl-opencode";

/// Gives the controllers the rights that they get in a cluster, and no others.
fn grant(home: &Home) {
    let everything = include_str!("../../deploy/controller.yaml");
    let rights: Vec<_> = everything.split("\n---\n").filter(|object| !object.contains("kind: Deployment")).collect();
    let manifest = home.path().join("rights.yaml");
    fs::write(&manifest, rights.join("\n---\n")).unwrap();
    let roles = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/rbac/controller.yaml");
    for file in [manifest, roles] {
        let mut kubectl = home.command("kubectl");
        kubectl.env("KUBECONFIG", home.state().join("kubeconfig"));
        crate::home::Ended::from(kubectl.arg("apply").arg("-f").arg(file).output().unwrap()).ok();
    }
}

/// A running controller; killed when dropped.
struct Controller(Child);

impl Controller {
    fn start(home: &Home, name: &str) -> Self {
        let mut command = home.command(PROGRAM);
        command.env("KUBECONFIG", home.state().join("kubeconfig")).env("POD_NAME", name);
        command
            .env("POD_NAMESPACE", NAMESPACE)
            .args(["--as", &format!("system:serviceaccount:{NAMESPACE}:session-controller")]);
        command.args(["controller", "--session", "--leader-elect", "--reach", "tunnel"]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, signal: nix::sys::signal::Signal) {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(i32::try_from(self.0.id()).unwrap()), signal).unwrap();
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn holder(lease: &Lease) -> &str {
    lease.spec.as_ref().and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
}

#[tokio::test]
async fn of_two_controllers_over_the_tunnel_one_works_and_the_other_takes_over() {
    let home = Home::new();
    home.sandbox(&["start", "--no-session-controller"]).ok();
    grant(&home);
    home.inside(&["agent", "create", "dev", "--wait", "--timeout", "60s"]).ok();
    let client = home.client().await;
    let sessions = Api::<Session>::default_namespaced(client.clone());
    let leases = Api::<Lease>::namespaced(client, NAMESPACE);

    let first = Controller::start(&home, "first");
    until(&leases, LEASE, "held by the first", |lease| holder(lease).starts_with("first_")).await;
    let second = Controller::start(&home, "second");
    home.inside(&["session", "create", "talk", "--agent", "dev", "--prompt", "%say over the tunnel", "--wait"]).ok();
    let id = until(&sessions, "talk", "idle", is_idle).await.status.unwrap().session_id;
    home.inside(&["session", "send", "talk", "--no-wait", "%slow 250 100"]).ok();
    let is_busy =
        |session: &Session| session.status.as_ref().and_then(|status| status.activity) == Some(Activity::Busy);
    until(&sessions, "talk", "busy, as the events say", is_busy).await;

    first.signal(nix::sys::signal::Signal::SIGKILL);
    home.inside(&["session", "create", "next", "--agent", "dev", "--prompt", "%say by another"]).ok();
    let running =
        |session: &Session| session.status.as_ref().and_then(|status| status.phase) == Some(SessionPhase::Running);
    until(&sessions, "next", "running by the second", running).await;
    home.inside(&["session", "delete", "next", "--force"]).ok();
    let lease = leases.get(LEASE).await.unwrap();
    assert!(holder(&lease).starts_with("second_"), "{lease:#?}");
    assert_eq!(lease.spec.unwrap().lease_transitions, Some(1));
    let talk = until(&sessions, "talk", "idle again", is_idle).await;
    assert_eq!(talk.status.unwrap().session_id, id, "the same conversation");

    let mut second = second;
    second.signal(nix::sys::signal::Signal::SIGTERM);
    until(&leases, LEASE, "given back", |lease| holder(lease).is_empty()).await;
    let deadline = std::time::Instant::now() + LONG;
    while second.0.try_wait().unwrap().is_none() {
        assert!(std::time::Instant::now() < deadline, "it does not end");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
