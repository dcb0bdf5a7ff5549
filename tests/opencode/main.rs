//! The client against a real OpenCode server with the offline model. Needs `opencode` on PATH.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

mod errors;
mod server;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use kubectl_opencode::opencode::{
    self, ByteStream, Client, Connector, Error, Event, Followed, MessageQuery, NewPty, NewSession, Outcome, Prompt,
    PtyEvent, Replay, Reply, Rule, Secret, SessionQuery, TcpConnector, TurnEvent, final_text,
};
use serde_json::json;
use server::Server;

fn allow_all() -> NewSession {
    let rule = Rule { permission: "*".into(), pattern: "*".into(), action: "allow".into() };
    NewSession { title: Some("test".into()), permission: vec![rule], ..NewSession::default() }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("within a minute")
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_prompts_and_their_true_outcomes() {
    let server = Server::start(None).await;
    let client = server.client();

    let new = NewSession { metadata: Some(json!({"uid": "42"})), ..allow_all() };
    let session = client.create_session(&new).await.unwrap();
    assert_eq!(session.metadata["uid"], "42");
    let found = client.sessions(&SessionQuery { search: Some("tes".into()), ..SessionQuery::default() }).await.unwrap();
    assert!(found.iter().any(|found| found.id == session.id));

    let turn = within(client.start_turn(&session.id, &Prompt::text("%bash echo from-$((40+2))\n%say all done")))
        .await
        .unwrap();
    let end = within(turn.finish()).await.unwrap();
    assert_eq!((end.outcome.clone(), final_text(&end.messages).as_str()), (Outcome::Completed, "all done"), "{end:?}");
    assert_eq!(end.messages.len(), 2, "a message per step");
    assert!(client.session_status().await.unwrap().is_empty());

    // The follower of a second turn must not take the end of the first for its own.
    let end = within(client.start_turn(&session.id, &Prompt::text("again")).await.unwrap().finish()).await.unwrap();
    assert_eq!(end.outcome, Outcome::Completed);
    let messages = client.messages(&session.id, &MessageQuery::default()).await.unwrap();
    assert_eq!(messages.len(), 5);
    assert_eq!(client.turn_end(&session.id, None).await.unwrap().unwrap().messages, end.messages);

    // Two people at once: whoever comes second is queued or, under an id that came too late, sent again; both are answered.
    for round in 0..4 {
        let other = Prompt::text("%say from somebody else");
        let ours = Prompt::text(format!("%say ours {round}"));
        let (sent, turn) =
            tokio::join!(client.prompt_async(&session.id, &other), client.start_turn(&session.id, &ours));
        sent.unwrap();
        let end = within(turn.unwrap().finish()).await.unwrap();
        assert_eq!(
            (&end.outcome, final_text(&end.messages)),
            (&Outcome::Completed, format!("ours {round}")),
            "{end:?}"
        );
    }

    let failed =
        within(client.start_turn(&session.id, &Prompt::text("%fail 400")).await.unwrap().finish()).await.unwrap();
    assert!(matches!(&failed.outcome, Outcome::Failed(error) if error.name == "APIError"), "{failed:?}");
    let mut unknown = Prompt::text("hello");
    unknown.model = opencode::Model::parse("nope/zip");
    let never_began = within(client.start_turn(&session.id, &unknown).await.unwrap().finish()).await.unwrap();
    assert!(
        matches!(&never_began.outcome, Outcome::Failed(error) if error.message().contains("nope/zip")),
        "{never_began:?}"
    );

    client.delete_session(&session.id).await.unwrap();
    let gone = client.session(&session.id).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_turn_is_told_and_a_prompt_is_delivered_once() {
    let server = Server::start(None).await;
    let client = server.client();
    let session = client.create_session(&allow_all()).await.unwrap();
    let mut turn = client.start_turn(&session.id, &Prompt::text("%slow 500 100")).await.unwrap();
    loop {
        match within(turn.next()).await.unwrap().expect("still running") {
            TurnEvent::Event(Event::PartDelta { .. }) => break,
            TurnEvent::Ended(end) => panic!("ended early: {end:?}"),
            _ => {}
        }
    }
    let joined = client.join_turn(&session.id, None).await.unwrap().expect("busy");
    client.abort(&session.id).await.unwrap();
    assert_eq!(within(turn.finish()).await.unwrap().outcome, Outcome::Aborted);
    assert_eq!(within(joined.finish()).await.unwrap().outcome, Outcome::Aborted);
    assert!(client.join_turn(&session.id, None).await.unwrap().is_none(), "idle");

    // A link that breaks right after the prompt went out must neither lose nor double it.
    let flaky =
        Client::new(Arc::new(Flaky { inner: server.connector(), broken: std::sync::atomic::AtomicBool::new(false) }));
    let mut prompt = Prompt::text("only once");
    prompt.message_id = Some(opencode::message_id(i64::try_from(now()).unwrap(), "seed"));
    flaky.deliver(&session.id, &prompt).await.unwrap();
    let id = prompt.message_id.unwrap();
    let delivered = client.message(&session.id, &id).await.unwrap();
    assert_eq!(delivered.parts.len(), 1, "sent once: {delivered:?}");
}

fn now() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()
}

/// A connector whose first connection takes what is written, passes it on, and never brings the answer back.
struct Flaky {
    inner: Arc<dyn Connector>,
    broken: std::sync::atomic::AtomicBool,
}

impl Connector for Flaky {
    fn connect(&self) -> BoxFuture<'_, std::io::Result<Box<dyn ByteStream>>> {
        Box::pin(async move {
            let stream = self.inner.connect().await?;
            if self.broken.swap(true, std::sync::atomic::Ordering::SeqCst) {
                return Ok(stream);
            }
            let (near, far) = tokio::io::duplex(1 << 16);
            tokio::spawn(async move {
                let (mut from_server, mut to_server) = tokio::io::split(stream);
                let (mut from_client, to_client) = tokio::io::split(far);
                let answer = tokio::spawn(async move {
                    // The server's answer is read, so that the request was surely taken, and then the link is cut.
                    let mut byte = [0];
                    let _ = tokio::io::AsyncReadExt::read(&mut from_server, &mut byte).await;
                    drop(to_client);
                });
                tokio::select! {
                    _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
                    _ = answer => {}
                }
            });
            Ok(Box::new(near) as Box<dyn ByteStream>)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn permissions_and_questions_are_asked_and_answered() {
    let server = Server::start(None).await;
    let client = server.client();
    let session = client.create_session(&NewSession::default()).await.unwrap();
    let mut turn =
        client.start_turn(&session.id, &Prompt::text("%bash echo asked > out.txt\n%say after")).await.unwrap();
    let asked = loop {
        match within(turn.next()).await.unwrap().expect("still running") {
            TurnEvent::Event(Event::PermissionAsked(asked)) => break asked,
            TurnEvent::Ended(end) => panic!("not asked: {end:?}"),
            _ => {}
        }
    };
    assert_eq!(asked.permission, "bash");
    assert_eq!(client.permissions().await.unwrap(), std::slice::from_ref(&asked));
    client.reply_permission(&asked.id, Reply::Once, None).await.unwrap();
    assert_eq!(within(turn.finish()).await.unwrap().outcome, Outcome::Completed);
    assert!(server.workspace().join("out.txt").exists());
    let again = client.reply_permission(&asked.id, Reply::Once, None).await.unwrap_err();
    assert!(again.is_not_found(), "{again:?}");

    let mut turn = client.start_turn(&session.id, &Prompt::text("%bash rm -rf out.txt")).await.unwrap();
    loop {
        match within(turn.next()).await.unwrap().expect("still running") {
            TurnEvent::Event(Event::PermissionAsked(asked)) => {
                client.reply_permission(&asked.id, Reply::Reject, None).await.unwrap();
            }
            TurnEvent::Ended(end) => {
                assert_eq!(end.outcome, Outcome::Refused);
                break;
            }
            _ => {}
        }
    }
    assert!(server.workspace().join("out.txt").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_echoes_resizes_replays_and_ends() {
    let server = Server::start(None).await;
    let client = server.client().in_directory(server.workspace().to_str().unwrap());
    let new = NewPty { command: Some("cat".into()), title: Some("echo".into()), ..NewPty::default() };
    let pty = client.create_pty(&new).await.unwrap();
    client.resize_pty(&pty.id, 40, 132).await.unwrap();
    assert!(client.ptys().await.unwrap().iter().any(|listed| listed.id == pty.id && listed.is_running()));

    let mut stream = client.connect_pty(&pty.id, Replay::All).await.unwrap();
    stream.input.send("h\u{e9}llo \u{1f600}\r".as_bytes()).await.unwrap();
    let mut text = String::new();
    while !text.ends_with("h\u{e9}llo \u{1f600}\r\nh\u{e9}llo \u{1f600}\r\n") {
        match within(stream.output.next()).await.unwrap() {
            PtyEvent::Text(piece) => text.push_str(&piece),
            PtyEvent::Replayed { missing, .. } => assert_eq!(missing, 0),
            other => panic!("{other:?} after {text:?}"),
        }
    }
    let position = stream.output.position().unwrap();
    assert_eq!(position, u64::try_from(text.encode_utf16().count()).unwrap());
    stream.input.ping(7).await.unwrap();
    assert_eq!(within(stream.output.next()).await.unwrap(), PtyEvent::Pong { number: 7 });
    drop(stream);

    // What comes while nobody is connected is replayed from where we were, and nothing twice.
    let mut other = client.connect_pty(&pty.id, Replay::None).await.unwrap();
    other.input.send(b"missed\r").await.unwrap();
    let mut seen = String::new();
    while !seen.ends_with("missed\r\nmissed\r\n") {
        if let PtyEvent::Text(piece) = within(other.output.next()).await.unwrap() {
            seen.push_str(&piece);
        }
    }
    drop(other);
    let mut back = client.connect_pty(&pty.id, Replay::From(position)).await.unwrap();
    let mut replayed = String::new();
    loop {
        match within(back.output.next()).await.unwrap() {
            PtyEvent::Text(piece) => replayed.push_str(&piece),
            PtyEvent::Replayed { missing, .. } => {
                assert_eq!(missing, 0);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(replayed, "missed\r\nmissed\r\n");

    back.input.send(b"\x04").await.unwrap();
    while within(back.output.next()).await.unwrap() != PtyEvent::Closed {}
    let ended = client.pty(&pty.id).await.unwrap();
    assert_eq!((ended.is_running(), ended.exit_code), (false, Some(0)));
    client.delete_pty(&pty.id).await.unwrap();
    assert!(client.pty(&pty.id).await.unwrap_err().is_not_found());
    assert!(client.connect_pty(&pty.id, Replay::All).await.unwrap_err().is_not_found());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_back_after_the_server_was_gone() {
    let mut server = Server::start(None).await;
    let client = server.client();
    let mut events = client.follow_events();
    assert!(matches!(within(events.next()).await, Some(Followed::Connected)));
    let session = client.create_session(&allow_all()).await.unwrap();
    loop {
        match within(events.next()).await {
            Some(Followed::Event(Event::SessionCreated { info })) if info.id == session.id => break,
            Some(Followed::Event(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    server.restart().await;
    let mut lost = false;
    loop {
        match within(events.next()).await {
            Some(Followed::Lost(_)) => lost = true,
            Some(Followed::Connected) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(lost);
    assert_eq!(client.session(&session.id).await.unwrap().id, session.id, "sessions survive a restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_wanted_and_what_is_not_served_is_told() {
    let server = Server::start(Some("hunter2")).await;
    let without = server.client();
    assert!(matches!(without.health().await, Err(Error::Unauthorized)));
    let wrong = without.with_password("opencode", &Secret::new("wrong"));
    assert!(matches!(wrong.sessions(&SessionQuery::default()).await, Err(Error::Unauthorized)));
    let client = without.with_password("opencode", &Secret::new("hunter2"));
    client.health().await.unwrap();
    let pty = client.create_pty(&NewPty { command: Some("cat".into()), ..NewPty::default() }).await.unwrap();
    client.connect_pty(&pty.id, Replay::All).await.unwrap();
    let unknown = client.request(http::Method::GET, "/no/such/path", &[], None).await.unwrap_err();
    assert!(matches!(unknown, opencode::Error::NotServed { .. }), "{unknown:?}");

    let nobody = Client::new(Arc::new(TcpConnector::new("127.0.0.1:1")));
    assert!(nobody.health().await.unwrap_err().is_unreachable());
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_a_timeout() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(Arc::new(TcpConnector::new(listener.local_addr().unwrap().to_string())));
    let error = within(client.health()).await.unwrap_err();
    assert!(matches!(error, opencode::Error::Timeout { .. }), "{error:?}");
}
