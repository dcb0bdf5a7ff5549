//! `exec`: commands run as processes of this machine, through the sandbox's API server, as the real program's user sees
//! them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::cluster::{Cluster, kubeconfig};
use crate::program::Program;

fn cluster() -> Cluster {
    let cluster = Cluster::start();
    cluster.ready_agent("dev");
    cluster
}

const EXEC: &[&str] = &["exec", "agent/dev", "--"];
const WITH_INPUT: &[&str] = &["exec", "-i", "agent/dev", "--"];

fn run(program: &Program, words: &[&str], command: &[&str]) -> crate::program::Seen {
    program.run(&[words, command].concat())
}

/// Bytes of every value, in an order that no buffer size divides.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn outputs_stay_apart_and_the_code_is_the_commands() {
    let cluster = cluster();
    let program = cluster.program();
    let seen = run(&program, EXEC, &["sh", "-c", "echo out; echo err >&2; exit 3"]).exits(3).prints("out\n");
    assert_eq!(seen.stderr, "err\ncommand terminated with exit code 3\n");
    let quiet = program.run(&["exec", "-q", "agent/dev", "--", "sh", "-c", "exit 200"]).exits(200);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    run(&program, EXEC, &["sh", "-c", "kill -9 $$"]).exits(137);
    run(&program, EXEC, &["printf", "%s|", "a b", "", "c&d=e", "é%20", "--help", "-n"])
        .exits(0)
        .prints("a b||c&d=e|é%20|--help|-n|");
}

#[test]
fn input_goes_only_where_it_is_wanted_and_ends() {
    let cluster = cluster();
    let program = cluster.program();
    let words = [WITH_INPUT, &["sh", "-c", "wc -c; echo done"]].concat();
    program.run_with(&words, b"12345").exits(0).prints("5\ndone\n");
    let words = [EXEC, &["wc", "-c"]].concat();
    program.run_with(&words, b"12345").exits(0).prints("0\n");
}

#[test]
fn ten_mebibytes_of_any_bytes_come_back_as_they_went() {
    let cluster = cluster();
    let program = cluster.program();
    let bytes = noise(10 << 20);
    let mut child = program.piped(&[WITH_INPUT, &["cat"]].concat());
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let sent = bytes.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&sent).unwrap());
    let mut back = Vec::new();
    stdout.read_to_end(&mut back).unwrap();
    writer.join().unwrap();
    assert!(back == bytes, "{} of {} bytes, or others", back.len(), bytes.len());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_command_that_cannot_run_ends_as_in_a_shell_in_the_runtimes_words() {
    let cluster = cluster();
    let program = cluster.program();
    run(&program, EXEC, &["nope"]).exits(127).is_as_in("exec-missing");
    run(&program, EXEC, &["/etc/passwd"]).exits(126).says("permission denied");
}

#[test]
fn the_container_is_the_servers_unless_another_is_named() {
    let cluster = cluster();
    cluster.add_container("dev-server-0", "git-sync-0");
    let program = cluster.program();
    run(&program, EXEC, &["printenv", "CONTAINER"]).exits(0).prints("opencode-server\n");
    let other = ["exec", "agent/dev", "-c", "git-sync-0", "--", "printenv", "CONTAINER"];
    program.run(&other).exits(0).prints("git-sync-0\n");
    program.run(&["exec", "agent/dev", "-c", "nope", "--", "true"]).exits(7).is_as_in("exec-container");
}

#[test]
fn rights_that_lack_are_named() {
    let cluster = cluster();
    let pods = json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]});
    cluster.grant("jane", &json!([pods, {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["get"]}]));
    let program = cluster.program();
    program.run(&["--as", "jane", "exec", "agent/dev", "--", "true"]).exits(4).is_as_in("exec-forbidden");
}

#[test]
fn a_reader_that_leaves_ends_it_silently() {
    let cluster = cluster();
    let program = cluster.program();
    let mut child = program.start(&[EXEC, &["yes"]].concat());
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "y\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::io::read_to_string(child.stderr.take().unwrap()).unwrap(), "");
}

#[test]
fn an_interrupt_ends_it_though_nobody_takes_its_output() {
    let cluster = cluster();
    let program = cluster.program();
    // Both outputs share one link, so that what it says first could come behind a flood that nobody takes.
    let words = [WITH_INPUT, &["sh", "-c", "echo begun >&2; read go; exec yes"]].concat();
    let mut child = program.piped(&words);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert_eq!(line, "begun\n");
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    // Its output fills every pipe and queue on the way, and is not read.
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    let said = std::io::read_to_string(stderr).unwrap();
    assert!(said.contains("the command may go on in container \"opencode-server\" of Pod \"dev-server-0\""), "{said}");
    let status = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(Signal::SIGINT as i32));
}

#[test]
fn without_a_terminal_here_there_is_none_there() {
    let cluster = cluster();
    let seen = cluster.program().run_with(&["exec", "-it", "agent/dev", "--", "cat"], b"x\n").exits(0).prints("x\n");
    assert_eq!(seen.stderr, "warning: Unable to use a TTY - input is not a terminal or the right kind of file\n");
    let seen = cluster.program().run(&["exec", "-t", "agent/dev", "--", "true"]).exits(0);
    assert_eq!(seen.stderr, "warning: -t goes with -i; the command gets no terminal\n");
}

#[test]
fn a_command_is_needed_and_has_its_limit() {
    let cluster = cluster();
    let program = cluster.program();
    program.run(&["exec", "agent/dev"]).exits(2).says("kubectl opencode exec <REF> -- <COMMAND>...");
    program.run(&["exec", "agent/dev", "true"]).exits(2).says("unexpected argument 'true'");
    let long = "x".repeat(70_000);
    run(&program, EXEC, &["echo", &long]).exits(2).says("the command is too long");
    program.run(&["exec", "agent/nope", "--", "true"]).exits(3).says("agent \"nope\"");
}

/// What becomes of the bytes between the program and its API server.
struct Between {
    address: SocketAddr,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Between {
    /// A server in the way to `server` that passes on what `change` makes of the program's bytes.
    fn start(server: SocketAddr, change: fn(Vec<u8>) -> Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let streams = Arc::new(Mutex::new(Vec::new()));
        let open = Arc::clone(&streams);
        std::thread::spawn(move || {
            while let Ok((near, _)) = listener.accept() {
                let far = TcpStream::connect(server).unwrap();
                let same = |stream: &TcpStream| stream.try_clone().unwrap();
                open.lock().unwrap().extend([same(&near), same(&far)]);
                let carry = |mut from: TcpStream, mut to: TcpStream, change: fn(Vec<u8>) -> Vec<u8>| {
                    std::thread::spawn(move || {
                        let mut buffer = vec![0; 64 << 10];
                        while let Ok(length @ 1..) = from.read(&mut buffer) {
                            if to.write_all(&change(buffer[..length].to_vec())).is_err() {
                                break;
                            }
                        }
                        let _ = to.shutdown(Shutdown::Write);
                    });
                };
                carry(same(&near), same(&far), change);
                carry(far, near, |bytes| bytes);
            }
        });
        Self { address, streams }
    }

    fn program(&self) -> Program {
        Program::with_kubeconfig(&kubeconfig(&format!("http://{}", self.address), "default"))
    }

    fn cut(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The program's request as if it came from one that knows only the older protocol.
fn only_v4(bytes: Vec<u8>) -> Vec<u8> {
    let newer = b"v5.channel.k8s.io, ";
    match bytes.windows(newer.len()).position(|window| window == newer) {
        Some(start) => [&bytes[..start], &bytes[start + newer.len()..]].concat(),
        None => bytes,
    }
}

#[test]
fn an_older_server_does_all_but_the_end_of_input() {
    let cluster = cluster();
    let between = Between::start(cluster.address, only_v4);
    let program = between.program();
    run(&program, EXEC, &["sh", "-c", "echo out; echo err >&2; exit 4"]).exits(4).prints("out\n").says("err\n");
    let words = [WITH_INPUT, &["head", "-n", "1"]].concat();
    program.run_with(&words, b"one\ntwo\n").exits(0).prints("one\n");
    // The warning comes when the input ends; then the command waits for ever for what cannot be said.
    let mut child = program.start(&[WITH_INPUT, &["cat"]].concat());
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    snapbox::assert_data_eq!(line, snapbox::file!["snapshots/exec-older-server.txt"].raw());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_link_that_breaks_is_told_with_a_code_of_its_own() {
    let cluster = cluster();
    let between = Between::start(cluster.address, |bytes| bytes);
    let program = between.program();
    let words = [EXEC, &["sh", "-c", "echo begun; sleep 100"]].concat();
    let mut child = program.start(&words);
    let mut line = [0; 6];
    child.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    between.cut();
    let seen = program.end(child, &words).exits(255);
    assert!(seen.stderr.contains("the link to the command is lost"), "{seen}");
}

#[test]
fn kubectl_says_the_same() {
    // The words and codes that our users know are those of the real kubectl on the same cluster.
    let cluster = cluster();
    let program = cluster.program();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kubeconfig");
    std::fs::write(&file, kubeconfig(&format!("http://{}", cluster.address), "default")).unwrap();
    for script in ["echo out; echo err >&2; exit 3", "exit 0", "kill -15 $$"] {
        let theirs = Command::new("kubectl")
            .args(["exec", "dev-server-0", "--", "sh", "-c", script])
            .env("KUBECONFIG", &file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let ours = run(&program, EXEC, &["sh", "-c", script]).exits(theirs.status.code().unwrap());
        assert_eq!(ours.stdout, String::from_utf8(theirs.stdout).unwrap());
        assert_eq!(ours.stderr, String::from_utf8(theirs.stderr).unwrap());
    }
}
