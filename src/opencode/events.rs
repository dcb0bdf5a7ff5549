//! The server's event stream: `GET /event` (SSE), one connection, and a follower that reconnects.
//!
//! The server sends `data:` lines only, `server.connected` first and `server.heartbeat` every 10 s. It replays nothing:
//! after every [`Followed::Connected`] the state has to be fetched again, and before a prompt is sent that event has to be
//! awaited. A stream that is silent for [`SILENCE_LIMIT`] is dead (or the server is frozen by a flooding terminal).

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt as _, TryStreamExt as _};
use http_body_util::BodyDataStream;
use sse_stream::SseByteStream;

use super::{Client, Error, Event};

/// Longest silence of a live event stream: three heartbeats.
pub const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// Most bytes of one event.
const EVENT_LIMIT: usize = 32 << 20;
/// Waits before the first, second, … try to reconnect; the last one repeats.
const RECONNECT_WAITS: [u64; 6] = [0, 250, 500, 1000, 2000, 5000];

/// A stream that ends sooner counts as a failure: something between us and the server may end each one at once.
const STEADY: Duration = Duration::from_secs(5);

/// What a follower of events sees.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "handed over one at a time and never kept")]
pub enum Followed {
    /// A stream was opened: what happened before it is unknown, fetch the state.
    Connected,
    /// Something happened.
    Event(Event),
    /// The stream is lost, or could not be opened; the follower goes on trying.
    Lost(Error),
}

/// Which events a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those of one directory.
    Directory,
    /// Those of all directories.
    Server,
}

pub(super) type Events = BoxStream<'static, Result<Event, Error>>;

/// Reads events from a body. The first error ends the stream; so does the server's end of it.
pub(super) fn read<B>(call: String, body: B, silence: Duration) -> Events
where
    B: hyper::body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let mut line = 0;
    let limited = BodyDataStream::new(body).map_err(std::io::Error::other).and_then(move |data| {
        line = match data.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => data.len() - end - 1,
            None => line + data.len(),
        };
        let within = line <= EVENT_LIMIT;
        futures::future::ready(if within {
            Ok(data)
        } else {
            Err(std::io::Error::other(format!("an event is longer than {} MiB", EVENT_LIMIT >> 20)))
        })
    });
    let events = SseByteStream::new(limited);
    let state = Some((events, call));
    Box::pin(futures::stream::unfold(state, move |state| async move {
        let (mut events, call) = state?;
        loop {
            let sse = match tokio::time::timeout(silence, events.next()).await {
                Err(_) => return Some((Err(Error::Silent { after: silence }), None)),
                Ok(None) => return None,
                Ok(Some(Err(error))) => return Some((Err(Error::Broken { call, source: error.into() }), None)),
                Ok(Some(Ok(sse))) => sse,
            };
            let Some(data) = sse.data else { continue };
            match Event::parse(&data) {
                Ok(Some(event)) => return Some((Ok(event), Some((events, call)))),
                Ok(None) => {}
                Err(error) => return Some((Err(Error::Malformed { call, source: error.into() }), None)),
            }
        }
    }))
}

/// Follows the events of `client` for ever; dropping the stream ends it.
pub(super) fn follow(client: Client, scope: Scope) -> impl Stream<Item = Followed> + Send + 'static {
    enum State {
        /// No stream; this many tries failed in a row.
        Apart(usize),
        /// A stream, since when, and how many tries failed before it.
        Open(Pin<Box<dyn Stream<Item = Result<Event, Error>> + Send>>, Instant, usize),
    }
    futures::stream::unfold((client, State::Apart(0)), move |(client, state)| async move {
        match state {
            State::Apart(failures) => {
                tokio::time::sleep(reconnect_wait(failures)).await;
                Some(match client.open_events(scope).await {
                    // The promise of `Connected` is that nothing is missed from here on: wait for the server's word.
                    Ok(mut events) => match events.next().await {
                        Some(Ok(_)) => (Followed::Connected, (client, State::Open(events, Instant::now(), failures))),
                        Some(Err(error)) => (Followed::Lost(error), (client, State::Apart(failures + 1))),
                        None => (Followed::Lost(ended()), (client, State::Apart(failures + 1))),
                    },
                    Err(error) => (Followed::Lost(error), (client, State::Apart(failures + 1))),
                })
            }
            State::Open(mut events, since, failures) => {
                let error = match events.next().await {
                    Some(Ok(event)) => {
                        return Some((Followed::Event(event), (client, State::Open(events, since, failures))));
                    }
                    Some(Err(error)) => error,
                    None => ended(),
                };
                let failures = if since.elapsed() < STEADY { failures + 1 } else { 0 };
                Some((Followed::Lost(error), (client, State::Apart(failures))))
            }
        }
    })
}

/// The failure that no more events come.
pub fn ended() -> Error {
    Error::Broken { call: "GET /event".to_owned(), source: "the server ended the event stream".into() }
}

/// The wait before the next try after `failures` failed ones in a row: up to a quarter more than listed, so that many
/// clients of a restarted server do not come back at the same instant.
fn reconnect_wait(failures: usize) -> Duration {
    let base = RECONNECT_WAITS[failures.min(RECONNECT_WAITS.len() - 1)];
    let random = RandomState::new().build_hasher().finish();
    Duration::from_millis(base + random % (base / 4 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;

    #[tokio::test]
    async fn a_recording_split_at_odd_places_reads_the_same() {
        let text: String = include_str!("../../tests/fixtures/opencode/sse-ev-tool.txt")
            .lines()
            .filter_map(|line| Some(line.split_once('\t')?.1.to_owned() + "\n\n"))
            .collect();
        let expected = text.matches("data: ").count();
        for size in [1, 7, 4096, text.len()] {
            let pieces: Vec<_> = text
                .as_bytes()
                .chunks(size)
                .map(|piece| Ok::<_, std::io::Error>(Frame::data(Bytes::copy_from_slice(piece))))
                .collect();
            let events: Vec<_> =
                read("GET /event".into(), StreamBody::new(futures::stream::iter(pieces)), SILENCE_LIMIT)
                    .collect()
                    .await;
            assert_eq!(events.len(), expected);
            assert!(events.iter().all(Result::is_ok));
        }
    }

    #[tokio::test]
    async fn silence_is_death() {
        let body = StreamBody::new(futures::stream::pending::<std::io::Result<Frame<Bytes>>>());
        let mut events = read("GET /event".into(), body, Duration::from_millis(20));
        assert!(matches!(events.next().await, Some(Err(Error::Silent { .. }))));
        assert!(events.next().await.is_none());
    }

    #[tokio::test]
    async fn what_is_no_event_ends_the_stream_with_an_error() {
        let body = Full::new(Bytes::from_static(b"data: <html>\n\n"));
        let events: Vec<_> = read("GET /event".into(), body, SILENCE_LIMIT).collect().await;
        assert!(matches!(events.as_slice(), [Err(Error::Malformed { .. })]));
    }

    #[tokio::test]
    async fn a_stream_that_ends_at_once_is_not_opened_again_at_once() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _request = stream.read(&mut [0; 4096]).await.unwrap();
                let answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
                    data: {\"type\":\"server.connected\",\"properties\":{}}\n\n";
                stream.write_all(answer).await.unwrap();
            }
        });
        let client = Client::new(std::sync::Arc::new(crate::opencode::TcpConnector::new(&address)));
        let begun = Instant::now();
        let seen: Vec<_> = client.follow_events().take(6).collect().await;
        let connected = seen.iter().filter(|seen| matches!(seen, Followed::Connected)).count();
        assert_eq!(connected, 3, "{seen:?}");
        assert!(begun.elapsed() >= Duration::from_millis(RECONNECT_WAITS[1] + RECONNECT_WAITS[2]));
    }

    #[test]
    fn waits_grow_and_stay_within_a_quarter_of_the_list() {
        for (failures, base) in [(0, 0), (1, 250), (4, 2000), (5, 5000), (50, 5000)] {
            let wait = u64::try_from(reconnect_wait(failures).as_millis()).unwrap();
            assert!((base..=base + base / 4).contains(&wait), "{failures}: {wait}");
        }
    }
}
