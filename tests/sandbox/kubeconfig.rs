//! The sandbox's kubeconfig, and what becomes of the user's.

use std::os::unix::fs::PermissionsExt;

use crate::home::Home;

const OTHERS: &str = "apiVersion: v1
kind: Config
current-context: work
clusters:
- {name: work, cluster: {server: 'https://work:6443'}}
contexts:
- {name: work, context: {cluster: work, user: me}}
users:
- {name: me, user: {token: 'yes'}}
";

#[test]
fn the_users_kubeconfig_is_changed_only_when_asked_and_restored_by_reset() {
    let home = Home::new();
    let user = home.path().join(".kube/config");
    std::fs::create_dir_all(user.parent().unwrap()).unwrap();
    std::fs::write(&user, OTHERS).unwrap();
    std::fs::set_permissions(&user, std::fs::Permissions::from_mode(0o600)).unwrap();
    home.sandbox(&["start"]).ok();
    assert_eq!(std::fs::read_to_string(&user).unwrap(), OTHERS);
    home.sandbox(&["stop"]).ok();
    let started = home.sandbox(&["start", "--set-context"]);
    assert!(started.stderr.contains("kubectl config use-context work"), "{started:?}");
    started.ok();

    let kubectl = |words: &[&str]| {
        let output = home.command("kubectl").args(words).output().expect("kubectl is on PATH");
        crate::home::Ended::from(output)
    };
    assert_eq!(kubectl(&["config", "current-context"]).ok(), "opencode-sandbox\n");
    assert_eq!(kubectl(&["get", "namespace", "default", "-o", "name"]).ok(), "namespace/default\n");
    assert_eq!(kubectl(&["config", "get-contexts", "-o", "name"]).ok(), "opencode-sandbox\nwork\n");
    let value = |name: &str| kubectl(&["config", "view", "--raw", "-o", &format!("jsonpath={name}")]).ok();
    assert_eq!(value("{.users[?(@.name==\"me\")].user.token}"), "yes");

    let stopped = home.sandbox(&["stop"]);
    assert!(stopped.stderr.contains("is still current") && stopped.stderr.contains("use-context work"), "{stopped:?}");
    assert_eq!(kubectl(&["config", "get-contexts", "-o", "name"]).ok(), "opencode-sandbox\nwork\n");
    // Another port: the context follows, and no other becomes current.
    let server = home.status()["server"].clone();
    kubectl(&["config", "use-context", "work"]).ok();
    let taken = std::net::TcpListener::bind(server.as_str().unwrap().strip_prefix("https://").unwrap()).unwrap();
    home.sandbox(&["start", "--port", "0"]).ok();
    drop(taken);
    assert_ne!(home.status()["server"], server);
    assert_eq!(kubectl(&["config", "current-context"]).ok(), "work\n");
    let namespace = ["--context", "opencode-sandbox", "get", "namespace", "default", "-o", "name"];
    assert_eq!(kubectl(&namespace).ok(), "namespace/default\n");
    // It runs already, and only the context is asked for.
    let again = home.sandbox(&["start", "--set-context"]);
    assert!(again.stderr.contains("runs already") && again.status == Some(0), "{again:?}");
    assert_eq!(kubectl(&["config", "current-context"]).ok(), "opencode-sandbox\n");
    home.sandbox(&["reset", "--yes"]).ok();
    assert_eq!(kubectl(&["config", "current-context"]).ok(), "work\n");
    assert_eq!(kubectl(&["config", "get-contexts", "-o", "name"]).ok(), "work\n");
    assert_eq!(value("{.users[*].name} {.clusters[*].name}"), "me work");
    assert_eq!(std::fs::metadata(&user).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn its_own_kubeconfig_is_printed() {
    let home = Home::new();
    home.sandbox(&["kubeconfig"]).failed(3);
    home.sandbox(&["start"]).ok();
    let path = home.sandbox(&["kubeconfig", "--path"]).ok();
    assert_eq!(path.trim_end(), home.state().join("kubeconfig").to_str().unwrap());
    assert_eq!(home.sandbox(&["kubeconfig"]).ok(), std::fs::read_to_string(path.trim_end()).unwrap());
    let output = home
        .command("kubectl")
        .args(["get", "namespace", "default", "-o", "name"])
        .env("KUBECONFIG", path.trim_end())
        .output()
        .unwrap();
    assert!(crate::home::Ended::from(output).ok().contains("namespace/default"));
}
