//! What can be in the way of a sandbox, each made to happen.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ListParams, ObjectMeta, PostParams};
use kube::{Api, ResourceExt};

use crate::home::{Ended, Home, PROGRAM};

#[test]
fn a_taken_port_is_named() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let error = home.sandbox(&["start", "--port", &port]).failed(6);
    assert!(error.contains(&format!("port {port}")) && error.contains("--port"), "{error}");
    assert_eq!(home.status()["running"], false);
    drop(taken);
    home.sandbox(&["start", "--port", &port]).ok();
    assert_eq!(home.status()["server"], format!("https://127.0.0.1:{port}"));

    // The port that was kept is taken at the next start.
    home.sandbox(&["stop"]).ok();
    let taken = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let error = home.sandbox(&["start"]).failed(6);
    assert!(error.contains(&format!("port {port}")), "{error}");
    home.sandbox(&["start", "--port", "0"]).ok();
    assert_ne!(home.status()["server"], format!("https://127.0.0.1:{port}"));
    drop(taken);
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let home = Home::new();
    std::fs::create_dir_all(home.state()).unwrap();
    std::fs::write(home.state().join("thesis.txt"), "years of work").unwrap();
    for words in [&["start"][..], &["reset", "--yes"], &["stop"]] {
        let error = home.sandbox(words).failed(7);
        assert!(error.contains("is not the folder of a sandbox"), "{error}");
    }
    assert_eq!(std::fs::read_dir(home.state()).unwrap().count(), 1);
}

#[test]
fn files_of_another_version_are_refused() {
    let home = Home::new();
    home.sandbox(&["start"]).ok();
    home.sandbox(&["stop"]).ok();
    let format = home.state().join("format");
    std::fs::write(&format, "999\n").unwrap();
    let error = home.sandbox(&["start"]).failed(7);
    assert!(error.contains("version 999"), "{error}");
    std::fs::write(&format, "1\n").unwrap();
    std::fs::write(home.state().join("journal"), "{\"not\": \"ours\"}\n").unwrap();
    let error = home.sandbox(&["start"]).failed(7);
    assert!(error.contains("sandbox reset"), "{error}");
}

/// Runs the program with files limited to `kib`, and a full file is an error instead of a signal: what a full disk is.
fn with_file_limit(home: &Home, kib: u32, words: &str) -> Ended {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" {words}");
    let output = home.command("bash").args(["-c", &script, PROGRAM]).output().unwrap();
    Ended::from(output)
}

#[test]
fn a_disk_that_is_full_at_the_start_is_told() {
    let home = Home::new();
    let ended = with_file_limit(&home, 100, "sandbox start");
    assert!(ended.status.is_some_and(|status| status != 0), "{ended:?}");
    assert!(ended.stderr.contains("File too large"), "{ended:?}");
    assert_eq!(home.status()["running"], false);
    // Room again: the same folder starts.
    home.sandbox(&["start"]).ok();
}

#[tokio::test]
async fn a_disk_that_fills_up_refuses_writes_and_loses_none() {
    let home = Home::new();
    with_file_limit(&home, 2048, "sandbox start").ok();
    let client = home.client().await;
    let maps = Api::<ConfigMap>::default_namespaced(client.clone());
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let map = ConfigMap {
            metadata: ObjectMeta { name: Some(format!("map-{}", acknowledged.len())), ..ObjectMeta::default() },
            data: Some([("key".to_owned(), "x".repeat(100_000))].into()),
            ..ConfigMap::default()
        };
        match maps.create(&PostParams::default(), &map).await {
            Ok(map) => acknowledged.push(map.name_any()),
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 100, "the limit is never reached");
    };
    assert!(matches!(&refusal, kube::Error::Api(status) if status.code >= 500), "{refusal:?}");
    assert!(refusal.to_string().contains("File too large"), "{refusal}");
    // Reading goes on, and so does a write that fits.
    acknowledged.sort();
    let made = async || {
        let found = maps.list(&ListParams::default()).await.unwrap().into_iter().map(|map| map.name_any());
        found.filter(|name| name.starts_with("map-")).collect::<Vec<_>>()
    };
    assert_eq!(made().await, acknowledged);
    home.sandbox(&["stop"]).ok();
    home.sandbox(&["start"]).ok();
    assert_eq!(made().await, acknowledged);
}

#[test]
fn without_opencode_it_starts_and_says_what_is_missing() {
    let home = Home::new();
    let output = home.command(PROGRAM).args(["sandbox", "start"]).env("PATH", home.path()).output().unwrap();
    let ended = Ended::from(output);
    assert!(ended.stderr.contains("opencode was not found") && ended.stderr.contains("--opencode"), "{ended:?}");
    ended.ok();

    home.sandbox(&["stop"]).ok();
    let error = home.sandbox(&["start", "--opencode", "/nonexistent/opencode"]).failed(7);
    assert!(error.contains("/nonexistent/opencode"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let home = Home::new();
    // Nobody can make a folder there, not even root.
    for place in ["/sys/nowhere", "/dev/null"] {
        let output = home.command(PROGRAM).args(["sandbox", "start"]).env("XDG_STATE_HOME", place).output().unwrap();
        let error = Ended::from(output).failed(7);
        assert!(error.contains(place) && error.contains("caused by:") && error.contains("XDG_STATE_HOME"), "{error}");
    }
    if !nix::unistd::geteuid().is_root() {
        let parent = home.path().join("sealed");
        std::fs::create_dir(&parent).unwrap();
        std::fs::set_permissions(&parent, std::fs::Permissions::from_mode(0o500)).unwrap();
        let output = home.command(PROGRAM).args(["sandbox", "start"]).env("XDG_STATE_HOME", &parent).output().unwrap();
        assert!(Ended::from(output).failed(7).contains("Permission denied"));
    }
}

#[test]
fn without_home_it_uses_that_of_the_user_and_refuses_a_relative_one() {
    let home = Home::new();
    let run = |words: &[&str]| {
        let mut command = home.command(PROGRAM);
        // What it would write into the home of whoever runs this test goes elsewhere.
        command.args(["sandbox"]).args(words).env_remove("HOME").env("XDG_STATE_HOME", home.path().join("state"));
        Ended::from(command.env("KUBECONFIG", home.path().join("user-config")).output().unwrap())
    };
    run(&["start", "--set-context"]).ok();
    let path = run(&["kubeconfig", "--path"]).ok();
    assert!(path.starts_with(home.path().to_str().unwrap()), "{path}");
    run(&["reset", "--yes"]).ok();
    let output = home.command(PROGRAM).args(["sandbox", "start"]).env("HOME", "elsewhere").output().unwrap();
    let error = Ended::from(output).failed(7);
    assert!(error.contains("elsewhere is not an absolute path") && error.contains("hint: set HOME"), "{error}");
}
