use super::super::fake::{Fake, dial};
use super::*;
use futures::SinkExt;
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

type Client = WebSocketStream<DuplexStream>;

/// Everything on each channel until Close, which must be 1000.
async fn rest(mut client: Client) -> [Vec<u8>; 4] {
    let mut channels = [vec![], vec![], vec![], vec![]];
    while let Some(message) = client.next().await {
        match message.unwrap() {
            Message::Binary(payload) => channels[usize::from(payload[0])].extend_from_slice(&payload[1..]),
            Message::Close(frame) => assert_eq!(frame.unwrap().code, CloseCode::Normal),
            other => panic!("{other:?}"),
        }
    }
    channels
}

fn status(channels: &[Vec<u8>; 4]) -> Value {
    serde_json::from_slice(&channels[3]).unwrap()
}

async fn send(client: &mut Client, payload: &[u8]) {
    client.send(Message::Binary(Bytes::copy_from_slice(payload))).await.unwrap();
}

#[tokio::test]
async fn input_reaches_the_command_and_its_end_is_its_own() {
    let node = Arc::new(Fake::default());
    let mut client =
        dial(&node, "/exec?command=cat&stdin=true&stdout=true&stderr=true", "v5.channel.k8s.io").await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::Binary(Bytes::from_static(&[1])));
    send(&mut client, b"\0hello ").await;
    send(&mut client, b"\0world").await;
    send(&mut client, &[255, 0]).await;
    let channels = rest(client).await;
    assert_eq!(channels[1], b"hello world");
    assert_eq!(status(&channels), json!({ "metadata": {}, "status": "Success" }));
}

#[tokio::test]
async fn a_failed_command_gives_its_exit_code_and_a_killed_one_128_and_the_signal() {
    let node = Arc::new(Fake::default());
    for (command, code) in [("command=exit&command=3", "3"), ("command=signal&command=9", "137")] {
        let client = dial(&node, &format!("/exec?{command}&stdout=1"), "v4.channel.k8s.io").await.unwrap();
        let status = status(&rest(client).await);
        assert_eq!(status["reason"], "NonZeroExitCode");
        assert_eq!(status["details"]["causes"], json!([{ "reason": "ExitCode", "message": code }]));
    }
}

#[tokio::test]
async fn outputs_keep_apart_and_what_nobody_asked_for_is_not_sent() {
    let node = Arc::new(Fake::default());
    let client = dial(&node, "/exec?command=both&stdout=1&stderr=1", "v5.channel.k8s.io").await.unwrap();
    let channels = rest(client).await;
    assert_eq!((&channels[1][..], &channels[2][..]), (&b"out"[..], &b"err"[..]));
    let client = dial(&node, "/exec?command=both&stderr=1", "v5.channel.k8s.io").await.unwrap();
    let channels = rest(client).await;
    assert_eq!((&channels[1][..], &channels[2][..]), (&b""[..], &b"err"[..]));
}

#[tokio::test]
async fn sizes_reach_the_terminal() {
    let node = Arc::new(Fake::default());
    let mut client =
        dial(&node, "/exec?command=sizes&stdin=1&stdout=1&stderr=1&tty=1", "v5.channel.k8s.io").await.unwrap();
    send(&mut client, b"\x04{\"Width\":80,\"Height\":24}").await;
    send(&mut client, b"\x04not a size").await;
    send(&mut client, b"\x04{\"Width\":100,\"Height\":30}\n").await;
    let mut seen = vec![];
    while seen != b"80x24\n100x30\n" {
        let Message::Binary(payload) = client.next().await.unwrap().unwrap() else { panic!() };
        seen.extend_from_slice(&payload[1..]);
    }
    send(&mut client, &[255, 0]).await;
    assert_eq!(status(&rest(client).await)["status"], "Success");
    let started = node.started.lock().unwrap();
    assert!(started[0].tty && started[0].stdin);
}

#[tokio::test]
async fn all_output_arrives_before_the_status_even_when_the_client_keeps_typing() {
    let node = Arc::new(Fake::default());
    let mut client =
        dial(&node, "/exec?command=flood&command=1000000&stdin=1&stdout=1", "v5.channel.k8s.io").await.unwrap();
    send(&mut client, b"\0typed to nobody").await;
    let channels = rest(client).await;
    assert_eq!(channels[1].len(), 1_000_000);
    assert_eq!(status(&channels)["status"], "Success");
}

#[tokio::test]
async fn a_command_that_cannot_start_is_an_internal_error_inside_the_stream() {
    let node = Arc::new(Fake::default());
    let client = dial(&node, "/exec?command=broken&stdout=1", "v5.channel.k8s.io").await.unwrap();
    let status = status(&rest(client).await);
    assert_eq!(status["message"], "Internal error occurred: error executing command in container: no such program");
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_command() {
    let node = Arc::new(Fake::default());
    let client = dial(&node, "/exec?command=cat&stdin=1&stdout=1", "v5.channel.k8s.io").await.unwrap();
    drop(client);
    // The command holds the node; it goes only when the exec is dropped.
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while node.running.load(std::sync::atomic::Ordering::SeqCst) > 0 {
        assert!(tokio::time::Instant::now() < deadline, "the command still runs");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn attach_gives_the_log_from_now_on() {
    let node = Arc::new(Fake::default());
    let client = dial(&node, "/attach?stdout=1", "v5.channel.k8s.io").await.unwrap();
    let channels = rest(client).await;
    assert!(String::from_utf8_lossy(&channels[1]).starts_with("main follow=true previous=false tail=Some(0)"));
    assert_eq!(status(&channels)["status"], "Success");
}

#[tokio::test]
async fn what_cannot_be_a_stream_is_refused() {
    let node = Arc::new(Fake::default());
    let code = async |target: &str, protocol: &str| match dial(&node, target, protocol).await {
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code("/exec?command=cat", "v5.channel.k8s.io").await, 400);
    assert_eq!(code("/exec?stdout=1", "v5.channel.k8s.io").await, 400);
    assert_eq!(code("/exec?command=cat&stdout=1", "v9.channel.k8s.io").await, 403);
    assert_eq!(code("/exec?command=cat&stdout=1&container=z", "v5.channel.k8s.io").await, 400);
}
