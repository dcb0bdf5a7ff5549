//! A terminal, a server and a network that do what a test says.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;

use super::PTY;
use crate::opencode::{ByteStream, Connector};
use crate::terminal::{Output, Piece, RawMode, Signal, Size, Terminal};

// ---------------------------------------------------------------------------------------------------- the terminal

/// What a person sees and does.
#[derive(Default)]
pub struct Seen {
    pub bytes: Mutex<Vec<u8>>,
    /// The terminal takes no output.
    pub stalled: watch::Sender<bool>,
    pub raw: AtomicBool,
    pub alternate: AtomicBool,
}

impl Seen {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }
}

pub struct FakeTerminal {
    pub interactive: bool,
    pub seen: Arc<Seen>,
    pub input: Mutex<Option<mpsc::Receiver<Vec<u8>>>>,
    pub signals: Mutex<Option<mpsc::Receiver<Signal>>>,
}

impl Terminal for FakeTerminal {
    fn is_interactive(&self) -> bool {
        self.interactive
    }

    fn size(&self) -> Size {
        Size { rows: 30, cols: 100 }
    }

    fn shows_alternate_screen(&self) -> bool {
        self.seen.alternate.load(Ordering::SeqCst)
    }

    fn raw(&self) -> io::Result<RawMode> {
        self.seen.raw.store(true, Ordering::SeqCst);
        let seen = Arc::clone(&self.seen);
        Ok(RawMode::new(move || seen.raw.store(false, Ordering::SeqCst)))
    }

    fn input(&self) -> mpsc::Receiver<Vec<u8>> {
        self.input.lock().unwrap().take().unwrap()
    }

    fn output(&self) -> Output {
        let (sender, mut pieces) = mpsc::channel(64);
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            let mut stalled = seen.stalled.subscribe();
            while let Some(piece) = pieces.recv().await {
                stalled.wait_for(|stalled| !stalled).await.unwrap();
                match piece {
                    Piece::Bytes(bytes) => seen.bytes.lock().unwrap().extend(bytes),
                    Piece::Written(asked) => drop(asked.send(())),
                }
            }
        });
        Output::new(sender)
    }

    fn signals(&self) -> io::Result<mpsc::Receiver<Signal>> {
        Ok(self.signals.lock().unwrap().take().unwrap())
    }

    fn suspend(&self, _: &RawMode) -> io::Result<()> {
        Ok(())
    }

    fn end_by(&self, _: Signal) {}
}

// ------------------------------------------------------------------------------------------------------ the server

/// A terminal of an OpenCode server, which holds the last `holds` characters of its output (ASCII here).
pub struct FakePty {
    pub output: watch::Sender<String>,
    pub input: Mutex<String>,
    pub holds: usize,
    /// Status of the next answers to questions about the terminal.
    pub refusals: Mutex<VecDeque<u16>>,
    pub exit: watch::Sender<Option<i32>>,
    /// Answers nobody, and reads nothing.
    pub frozen: watch::Sender<bool>,
    pub sizes: Mutex<Vec<String>>,
    pub connections: AtomicUsize,
    /// So many of the next connections break when the replay came and its end is not told.
    pub breaks: AtomicUsize,
}

impl FakePty {
    pub fn prints(&self, text: &str) {
        self.output.send_modify(|output| output.push_str(text));
    }

    pub fn input(&self) -> String {
        self.input.lock().unwrap().clone()
    }
}

/// Serves requests on one connection, as the real server does (HTTP/1.1, then WebSocket).
pub async fn serve(mut stream: DuplexStream, pty: Arc<FakePty>) -> io::Result<()> {
    let mut frozen = pty.frozen.subscribe();
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(": ")?;
                key.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        let length = header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        frozen.wait_for(|frozen| !frozen).await.unwrap();
        let target = head.split(' ').nth(1).unwrap().to_owned();
        if let Some(key) = header("sec-websocket-key") {
            let accept = derive_accept_key(key.as_bytes());
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {accept}\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await?;
            let cursor = target.split_once("cursor=").and_then(|(_, cursor)| cursor.parse::<i64>().ok()).unwrap_or(0);
            pty.connections.fetch_add(1, Ordering::SeqCst);
            let socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
            terminal(socket, &pty, cursor).await;
            return Ok(());
        }
        let exit = *pty.exit.borrow();
        let mut status = 200;
        let body = if target == "/api/pty" {
            "{\"data\":[]}".to_owned()
        } else {
            if head.starts_with("PUT") {
                pty.sizes.lock().unwrap().push(String::from_utf8_lossy(&body).into_owned());
            } else {
                status = pty.refusals.lock().unwrap().pop_front().unwrap_or(200);
            }
            match exit {
                _ if status != 200 => "{\"_tag\":\"Refused\",\"message\":\"no\"}".to_owned(),
                Some(code) => format!("{{\"data\":{{\"id\":\"{PTY}\",\"status\":\"exited\",\"exitCode\":{code}}}}}"),
                None => format!("{{\"data\":{{\"id\":\"{PTY}\",\"status\":\"running\"}}}}"),
            }
        };
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
}

pub async fn terminal(mut socket: WebSocketStream<DuplexStream>, pty: &FakePty, cursor: i64) {
    let (mut output, mut exit, mut frozen) = (pty.output.subscribe(), pty.exit.subscribe(), pty.frozen.subscribe());
    let text = output.borrow_and_update().clone();
    let oldest = text.len().saturating_sub(pty.holds);
    let mut position = match usize::try_from(cursor) {
        Ok(cursor) => cursor.clamp(oldest, text.len()),
        Err(_) => text.len(),
    };
    for piece in text.as_bytes()[position..].chunks(4096) {
        if socket.send(Message::text(std::str::from_utf8(piece).unwrap())).await.is_err() {
            return;
        }
    }
    if pty.breaks.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |breaks| breaks.checked_sub(1)).is_ok() {
        // A pong says that everything before it was read.
        let _ = socket.send(Message::Ping("read?".into())).await;
        while !matches!(socket.next().await, Some(Ok(Message::Pong(_)) | Err(_)) | None) {}
        return;
    }
    position = text.len();
    let meta = [b"\0".as_slice(), format!("{{\"cursor\":{position}}}").as_bytes()].concat();
    if socket.send(Message::Binary(meta.into())).await.is_err() {
        return;
    }
    // As in the real server, output that nobody takes delays no input.
    let (mut sink, mut stream) = socket.split();
    let mut asleep = pty.frozen.subscribe();
    let reads = async {
        loop {
            asleep.wait_for(|frozen| !frozen).await.unwrap();
            tokio::select! {
                message = stream.next() => match message {
                    Some(Ok(Message::Text(typed))) => pty.input.lock().unwrap().push_str(&typed),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    _ => return,
                },
                _ = asleep.changed() => {}
            }
        }
    };
    let writes = async {
        loop {
            frozen.wait_for(|frozen| !frozen).await.unwrap();
            if exit.borrow_and_update().is_some() {
                let frame = CloseFrame { code: 1000.into(), reason: "".into() };
                let _ = sink.send(Message::Close(Some(frame))).await;
                return std::future::pending().await;
            }
            let more = output.borrow_and_update()[position..].to_owned();
            for piece in more.as_bytes().chunks(4096) {
                if sink.send(Message::text(std::str::from_utf8(piece).unwrap())).await.is_err() {
                    return;
                }
            }
            position += more.len();
            tokio::select! {
                _ = output.changed() => {}
                _ = exit.changed() => {}
                _ = frozen.changed() => {}
            }
        }
    };
    tokio::select! {
        () = reads => {}
        () = writes => {}
    }
}

// ----------------------------------------------------------------------------------------------------- the network

/// What a connection does to what goes through it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weather {
    Fine,
    /// Byte by byte.
    Split,
    Late(Duration),
    /// Nothing arrives any more; nobody is told.
    Dead,
    /// What the server sends arrives, what the client sends does not.
    Deaf,
    /// The other way round.
    Mute,
    /// Closed at both ends.
    Closed,
    /// Closed at the server's end; the client is not told.
    HalfOpen,
}

impl Weather {
    /// Whether what is sent one way arrives.
    pub fn flows(self, upwards: bool) -> bool {
        match self {
            Self::Fine | Self::Split | Self::Late(_) => true,
            Self::Deaf => !upwards,
            Self::Mute => upwards,
            Self::Dead | Self::Closed | Self::HalfOpen => false,
        }
    }
}

pub struct Network {
    pub pty: Arc<FakePty>,
    pub weather: Mutex<watch::Sender<Weather>>,
    /// No new connection.
    pub down: AtomicBool,
    pub opened: AtomicUsize,
    pub refused: AtomicUsize,
}

impl Network {
    /// What happens to all connections that are open now.
    pub fn turns(&self, weather: Weather) {
        let old = std::mem::replace(&mut *self.weather.lock().unwrap(), watch::channel(Weather::Fine).0);
        old.send_replace(weather);
    }
}

pub async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
    upwards: bool,
) {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let now = *weather.borrow_and_update();
        if now == Weather::Closed || (now == Weather::HalfOpen && upwards) {
            return;
        }
        let holds = !now.flows(upwards);
        let length = tokio::select! {
            changed = weather.changed() => match changed {
                Ok(()) => continue,
                // Nobody can change it any more: it stays as it is.
                Err(_) if holds => return std::future::pending().await,
                Err(_) => return,
            },
            read = from.read(&mut buffer), if !holds => match read {
                Ok(length) if length > 0 => length,
                _ => return,
            },
        };
        let sent = match now {
            Weather::Split => {
                let mut sent = Ok(());
                for byte in &buffer[..length] {
                    // What is on the way when the weather turns is lost, not late.
                    if !weather.borrow().flows(upwards) {
                        break;
                    }
                    sent = to.write_all(&[*byte]).await;
                    tokio::task::yield_now().await;
                }
                sent
            }
            Weather::Late(delay) => {
                let turned = tokio::select! {
                    _ = weather.wait_for(|now| !now.flows(upwards)) => true,
                    () = tokio::time::sleep(delay) => false,
                };
                weather.mark_changed();
                if turned { Ok(()) } else { to.write_all(&buffer[..length]).await }
            }
            _ => to.write_all(&buffer[..length]).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

impl Connector for Arc<Network> {
    fn connect(&self) -> BoxFuture<'_, io::Result<Box<dyn ByteStream>>> {
        async move {
            if self.down.load(Ordering::SeqCst) {
                self.refused.fetch_add(1, Ordering::SeqCst);
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            self.opened.fetch_add(1, Ordering::SeqCst);
            let (client, near) = tokio::io::duplex(64 << 10);
            let (far, server) = tokio::io::duplex(64 << 10);
            let weather = self.weather.lock().unwrap().subscribe();
            let ((near_read, near_write), (far_read, far_write)) = (tokio::io::split(near), tokio::io::split(far));
            let keep = self.weather.lock().unwrap().clone();
            tokio::spawn(async move {
                let _keep = keep;
                let end = weather.clone();
                let up = carry(near_read, far_write, weather.clone(), true);
                let down = carry(far_read, near_write, weather, false);
                let (mut up, mut down) = (std::pin::pin!(up), std::pin::pin!(down));
                tokio::select! {
                    () = &mut up => if *end.borrow() == Weather::HalfOpen { down.await },
                    () = &mut down => {}
                }
            });
            tokio::spawn(serve(server, Arc::clone(&self.pty)));
            Ok(Box::new(client) as Box<dyn ByteStream>)
        }
        .boxed()
    }
}
