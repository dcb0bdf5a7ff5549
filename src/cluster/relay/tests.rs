use std::path::Path;
use std::process::Stdio;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{SinkExt as _, StreamExt as _};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::{self, Message};

use super::super::exec::{STATUS, STDERR, STDOUT, serve};
use super::*;

/// A stream, and what a server would send and see.
fn pair(can_close: bool) -> (RelayStream, UnboundedSender<Message>, UnboundedReceiver<Message>) {
    let (to_client, from_server) = unbounded();
    let (to_server, from_client) = unbounded();
    let sink = to_server.sink_map_err(|_| tungstenite::Error::ConnectionClosed);
    let (input, output) = serve(Box::pin(sink), Box::pin(from_server.map(Ok)), can_close);
    (carry(&input, output), to_client, from_client)
}

fn says(server: &UnboundedSender<Message>, channel: u8, payload: &[u8]) {
    server.unbounded_send(Message::Binary(message(channel, payload))).unwrap();
}

fn exits(server: &UnboundedSender<Message>, code: i32) {
    let status = match code {
        0 => serde_json::json!({"status": "Success"}),
        code => serde_json::json!({"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [
            {"reason": "ExitCode", "message": code.to_string()}]}}),
    };
    says(server, STATUS, status.to_string().as_bytes());
}

#[tokio::test]
async fn bytes_go_both_ways_and_an_answer_survives_shutdown() {
    let (mut stream, server, mut seen) = pair(true);
    says(&server, STDOUT, b"kubectl-opencode-relay ba");
    says(&server, STDOUT, b"sh\nhel");
    assert_eq!(begin(&mut stream).await.unwrap(), "bash");
    stream.write_all(b"question").await.unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(seen.next().await, Some(Message::Binary(message(STDIN, b"question"))));
    says(&server, STDERR, b"bash: a remark\n");
    says(&server, STDOUT, b"lo");
    exits(&server, 0);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "hello");
    drop(stream);
    assert_eq!(seen.next().await, Some(Message::Binary(message(CLOSE, &[STDIN]))));
    assert_eq!(seen.next().await, None, "closed");
}

#[tokio::test]
async fn dropping_closes_where_the_end_of_input_cannot_be_told() {
    let (stream, _server, mut seen) = pair(false);
    drop(stream);
    assert_eq!(seen.next().await, None);
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_the_words_of_the_command() {
    for (words, code, kind, text) in [
        ("x\nbash: connect: Connection refused\n\n", 1, io::ErrorKind::ConnectionRefused, "Connection refused"),
        ("connect ECONNREFUSED 10.0.0.1:4096\n", 1, io::ErrorKind::ConnectionRefused, "10.0.0.1:4096"),
        ("there is none of bash and so on\n", 127, io::ErrorKind::Unsupported, "there is none"),
        ("", 2, io::ErrorKind::ConnectionAborted, "exit code 2"),
    ] {
        let (mut stream, server, _seen) = pair(true);
        says(&server, STDERR, words.as_bytes());
        exits(&server, code);
        let error = begin(&mut stream).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{words}");
        assert!(error.to_string().contains(text), "{error}");
    }
    let (mut stream, server, _seen) = pair(true);
    says(&server, STATUS, b"exec: \"sh\": executable file not found in $PATH");
    assert_eq!(begin(&mut stream).await.unwrap_err().kind(), io::ErrorKind::Unsupported);

    for other in ["Welcome!\n", "kubectl-opencode-relay\n", &"x".repeat(512)] {
        let (mut stream, server, _seen) = pair(true);
        says(&server, STDOUT, other.as_bytes());
        exits(&server, 0);
        assert_eq!(begin(&mut stream).await.unwrap_err().kind(), io::ErrorKind::InvalidData, "{other}");
    }

    let (mut stream, server, _seen) = pair(true);
    says(&server, STDOUT, b"kubectl-opencode-relay nc\npart");
    begin(&mut stream).await.unwrap();
    drop(server);
    let mut part = [0; 4];
    stream.read_exact(&mut part).await.unwrap();
    assert!(stream.read(&mut part).await.is_err(), "an end that nobody told");
    assert_eq!(stream.read(&mut part).await.unwrap(), 0);
}

#[tokio::test]
async fn nobody_reading_does_not_hold_back_what_is_sent() {
    let (mut stream, server, mut seen) = pair(true);
    for _ in 0..1000 {
        says(&server, STDOUT, &vec![0; 32 << 10]);
    }
    stream.write_all(b"\x03").await.unwrap();
    let sent = tokio::time::timeout(std::time::Duration::from_secs(5), seen.next()).await.unwrap();
    assert_eq!(sent, Some(Message::Binary(message(STDIN, b"\x03"))));
}

proptest! {
    #[test]
    fn the_port_s_bytes_arrive_as_they_were_sent(
        pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..20), 0..8),
        cut in 0usize..30,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (mut stream, server, _seen) = pair(true);
            let first = [b"kubectl-opencode-relay nc\n", pieces.concat().as_slice()].concat();
            let (before, after) = first.split_at(cut.min(first.len()));
            for piece in [before, after] {
                says(&server, STDOUT, piece);
            }
            for piece in &pieces {
                says(&server, STDOUT, piece);
            }
            exits(&server, 0);
            assert_eq!(begin(&mut stream).await.unwrap(), "nc");
            let mut read = Vec::new();
            stream.read_to_end(&mut read).await.unwrap();
            assert!(read == [pieces.concat(), pieces.concat()].concat());
        });
    }
}

#[test]
fn a_pod_s_own_address_is_the_only_one_where_loopback_is_shared() {
    let port = |ip| Destination { namespace: "n", pod: "p", container: "c", ip, port: 4096 };
    assert_eq!(port("10.1.2.3").addresses(), ["127.0.0.1", "10.1.2.3"]);
    assert_eq!(port("127.3.4.5").addresses(), ["127.3.4.5"]);
    assert_eq!(port("fd00::1").addresses(), ["127.0.0.1", "fd00::1"]);
    assert_eq!(port("").addresses(), ["127.0.0.1"]);
}

/// Runs the relay as a container would that has only these programs.
fn relay(programs: &[(&str, &Path)], addresses: &[&str], port: u16) -> (Child, tempfile::TempDir) {
    let path = tempfile::tempdir().unwrap();
    for (name, program) in programs {
        std::os::unix::fs::symlink(program, path.path().join(name)).unwrap();
    }
    let child = Command::new("/bin/sh")
        .args(["-c", RELAY, MARK, FOR_BASH, FOR_JAVASCRIPT, &port.to_string()])
        .args(addresses)
        .env_clear()
        .env("PATH", path.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    (child, path)
}

fn found(program: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{program} is needed on PATH"))
}

/// Carries more than any buffer holds, both ways; then a server that closes, and a client that leaves.
async fn carries(name: &str, programs: &[(&str, &Path)]) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let noise: Vec<u8> =
        (0..3_000_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let mark = format!("{MARK} {name}\n");

    let (mut child, _path) = relay(programs, &["127.0.0.1"], port);
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut server, _) = listener.accept().await.unwrap();
    let (mut heard, mut said) = (vec![0; noise.len()], vec![0; mark.len() + noise.len()]);
    let (mut from_client, mut to_client) = server.split();
    let all = tokio::try_join!(
        stdin.write_all(&noise),
        from_client.read_exact(&mut heard),
        to_client.write_all(&noise),
        stdout.read_exact(&mut said),
    );
    all.unwrap();
    assert!(heard == noise && said == [mark.as_bytes(), &noise].concat(), "{name}");
    // The server's last words arrive, and its end is the relay's, though more input may come.
    server.write_all(b"last").await.unwrap();
    drop(server);
    let mut last = String::new();
    stdout.read_to_string(&mut last).await.unwrap();
    assert_eq!(last, "last", "{name}");
    assert_eq!(child.wait().await.unwrap().code(), Some(0), "{name}");
    drop(stdin);

    let (mut child, _path) = relay(programs, &["127.0.0.2", "127.0.0.1"], port);
    let (mut server, _) = listener.accept().await.unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"bye").await.unwrap();
    drop(stdin);
    let mut heard = Vec::new();
    server.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"bye", "{name}: the connection ends with the input");
    child.wait().await.unwrap();

    drop(listener);
    let (child, _path) = relay(programs, &["127.0.0.1"], port);
    let output = child.wait_with_output().await.unwrap();
    let words = String::from_utf8_lossy(&output.stderr).to_lowercase();
    assert!(output.status.code() == Some(1) && words.contains("refused"), "{name}: {output:?}");
}

#[tokio::test]
async fn bash_carries_a_connection() {
    carries("bash", &[("bash", &found("bash")), ("cat", &found("cat"))]).await;
}

#[tokio::test]
async fn opencode_carries_a_connection() {
    carries("opencode", &[("opencode", &found("opencode"))]).await;
}

#[tokio::test]
async fn a_container_with_nothing_of_use_says_so() {
    let (child, _path) = relay(&[], &["127.0.0.1"], 1);
    let output = child.wait_with_output().await.unwrap();
    // Where the platform puts OpenCode it is found without PATH.
    if !Path::new("/tools/opencode").exists() {
        assert_eq!(output.status.code(), Some(127));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("there is none of bash"), "{output:?}");
    }
}
