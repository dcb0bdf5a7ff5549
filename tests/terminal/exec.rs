//! `exec` on a real pseudo-terminal, where a real OpenCode server works.

use std::os::unix::process::ExitStatusExt as _;

use kubectl_opencode::opencode::NewSession;
use nix::sys::signal::Signal;

use crate::cluster::Cluster;
use crate::link::Weather;
use crate::person::Person;
use crate::shown::Shown;

const SHELL: &[&str] = &["exec", "-it", "agent/dev", "--", "env", "PS1=$ ", "bash", "--norc", "--noprofile"];

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_in_the_directory_of_the_conversation() {
    let cluster = Cluster::start().await;
    let session = cluster.server.client().create_session(&NewSession::default()).await.unwrap();
    let script = ["--", "sh", "-c", "pwd -P; exit 9"];
    let words = [&["exec", "agent/dev", "--session", &session.id], script.as_slice()].concat();
    let output = cluster.run(&words).await;
    assert_eq!(output.status.code(), Some(9), "{output:?}");
    let workspace = cluster.server.workspace().canonicalize().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), workspace.to_str().unwrap());
    let output = cluster.run(&["exec", "agent/dev", "--session", &session.id, "--", "nope"]).await;
    assert_eq!(output.status.code(), Some(127), "{output:?}");
    let output = cluster.run(&["exec", "agent/dev", "--session", "ses_unknown", "--", "true"]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    // A container without a shell.
    cluster.delete("dev-server-0").await;
    cluster.run_agent("bare-server-0").await;
    let words = ["exec", "agent/dev", "--session", &session.id, "--", "true"];
    let mut shown = Shown::default();
    shown.said("a container without a shell", &words, &cluster.run(&words).await);
    shown.is_as_in("no-shell");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_there_is_as_large_as_the_one_here_and_obeys_its_keys() {
    let cluster = Cluster::start().await;
    let mut person = Person::run(&cluster, SHELL);
    person.types("until [ \"$(stty size)\" = '30 100' ]; do read -t 0.05; done; echo sized-$((1+1))\r").await;
    person.sees("sized-2").await;
    assert!(!person.has_own_settings(), "raw");
    person.resizes(41, 120);
    person.types("until [ \"$(stty size)\" = '41 120' ]; do read -t 0.05; done; echo again-$((1+1))\r").await;
    person.sees("again-2").await;
    person.types("sh -c 'echo wa''its; exec sleep 1000'\r").await;
    person.sees("waits").await;
    person.types("\x03").await;
    person.types("echo $((128+2))=$?\r").await;
    person.sees("130=130").await;
    // What a program sets and does not take back, we take back.
    person.types("printf '\\033[?1049h\\033[?1003h\\033[?2004h\\033[?25lal''t'\r").await;
    person.looks(|screen, _| screen.alternate_screen() && screen.contents().contains("alt"), "alternate screen").await;
    person.types("exit 42\r").await;
    assert_eq!(person.ends().await.code(), Some(42));
    person.sees("command terminated with exit code 42").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_told() {
    let cluster = Cluster::of((), ([127, 0, 0, 1], 1).into()).await;
    cluster.run_agent("dev-server-0").await;
    let mut shown = Shown::default();
    let words = ["exec", "agent/dev", "--", "sh", "-c", "echo begun; sleep 100"];

    let mut person = Person::run(&cluster, &words);
    person.sees("begun").await;
    person.types("\x03").await;
    shown.ends("ctrl-c, which does not reach a command without a terminal", &mut person).await;

    let mut person = Person::run(&cluster, &["exec", "-it", "agent/dev", "--", "sh", "-c", "echo begun; sleep 100"]);
    person.sees("begun").await;
    cluster.link.turns(Weather::Closed);
    shown.ends("the link breaks", &mut person).await;

    let script = format!("{} exec agent/dev -- echo hi > /dev/full", env!("CARGO_BIN_EXE_kubectl-opencode"));
    shown.ends("the disk is full", &mut Person::at_home(cluster.home(), "sh", &["-c", &script])).await;

    let long = "x".repeat(70_000);
    let output = cluster.run(&["exec", "agent/dev", "--", "echo", &long]).await;
    shown.said("a long command", &["exec", "agent/dev", "--", "echo", "xxx…"], &output);

    // A credential plugin that wants the keyboard, which the command wants, too.
    let kubeconfig = std::fs::read_to_string(cluster.kubeconfig()).unwrap();
    let plugin = r#""user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"echo","args":
        ["{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\"}}"],
        "interactiveMode":"Always"}}"#;
    assert!(kubeconfig.contains(r#""user":{}"#));
    std::fs::write(cluster.kubeconfig(), kubeconfig.replace(r#""user":{}"#, plugin)).unwrap();
    let input = ["exec", "-it", "agent/dev", "--", "true"];
    shown.ends("a credential plugin that asks", &mut Person::run(&cluster, &input)).await;
    shown.is_as_in("exec");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_does_not_hold_ctrl_c_back() {
    let cluster = Cluster::start().await;
    let mut person = Person::run(&cluster, SHELL);
    person.types("echo floods; yes | head -c 100000000\r").await;
    person.sees("floods").await;
    person.sees("y\ny").await;
    // From here on nobody reads the terminal until the key has been typed.
    person.types("\x03").await;
    person.types("echo over-$((3+4))\r").await;
    person
        .looks(|_, seen| String::from_utf8_lossy(&seen[seen.len().saturating_sub(4096)..]).contains("over-7"), "over")
        .await;
    assert!(person.seen.len() < 50_000_000, "{} bytes came", person.seen.len());
    person.types("exit\r").await;
    assert_eq!(person.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_signal_gives_the_terminal_back() {
    let cluster = Cluster::start().await;
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT, Signal::SIGINT] {
        let mut person = Person::run(&cluster, SHELL);
        person.types("echo at-$((20+1))\r").await;
        person.sees("at-21").await;
        person.signals(signal);
        assert_eq!(person.ends().await.signal(), Some(signal as i32), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_gives_the_terminal_back_until_it_goes_on() {
    let cluster = Cluster::start().await;
    let mut person = Person::run(&cluster, SHELL);
    person.types("echo raw-$((10+1))\r").await;
    person.sees("raw-11").await;
    person.signals(Signal::SIGTSTP);
    person.until(Person::is_stopped).await;
    assert!(person.has_own_settings(), "as before while stopped");
    person.resizes(35, 110);
    person.signals(Signal::SIGCONT);
    person.until(|person| !person.has_own_settings()).await;
    person.types("until [ \"$(stty size)\" = '35 110' ]; do read -t 0.05; done; echo back-$((20+2))\r").await;
    person.sees("back-22").await;
    person.types("exit 0\r").await;
    assert_eq!(person.ends().await.code(), Some(0));
}
