//! The network between the program and the API server, which does what a test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What a connection does to what goes through it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weather {
    Fine,
    /// Byte by byte.
    Split,
    Late(Duration),
    /// Nothing arrives any more; nobody is told.
    Dead,
    /// What the program sends arrives, what the server sends does not.
    Mute,
    /// Closed at both ends.
    Closed,
    /// Reset (RST) at the program's end.
    Reset,
    /// Closed at the server's end; the program is not told.
    HalfOpen,
}

impl Weather {
    /// Whether what is sent one way arrives.
    fn flows(self, upwards: bool) -> bool {
        match self {
            Self::Fine | Self::Split | Self::Late(_) => true,
            Self::Mute => upwards,
            Self::Dead | Self::Closed | Self::Reset | Self::HalfOpen => false,
        }
    }

    fn ends(self) -> bool {
        matches!(self, Self::Closed | Self::Reset | Self::HalfOpen)
    }
}

/// What the connections of the link have in common.
#[derive(Clone)]
pub struct Link {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// Of the connections that are open now.
    weather: Mutex<watch::Sender<Weather>>,
    /// Of new ones.
    next: Mutex<Weather>,
    opened: watch::Sender<usize>,
}

impl Link {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State {
            weather: Mutex::new(watch::Sender::new(Weather::Fine)),
            next: Mutex::new(Weather::Fine),
            opened: watch::Sender::new(0),
        });
        let link = Self { address: listener.local_addr().unwrap(), state: Arc::clone(&state) };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let weather = state.weather.lock().unwrap().clone();
                state.opened.send_modify(|opened| *opened += 1);
                tokio::spawn(carry_both(near, server, weather));
            }
        });
        link
    }

    /// What happens to the connections that are open now. New ones do as [`Link::next`] says.
    pub fn turns(&self, weather: Weather) {
        let next = *self.state.next.lock().unwrap();
        let old = std::mem::replace(&mut *self.state.weather.lock().unwrap(), watch::Sender::new(next));
        old.send_replace(weather);
    }

    /// What happens to connections from now on.
    pub fn next(&self, weather: Weather) {
        *self.state.next.lock().unwrap() = weather;
        self.state.weather.lock().unwrap().send_replace(weather);
    }

    /// How many connections were ever opened.
    pub fn opened(&self) -> usize {
        *self.state.opened.borrow()
    }
}

async fn carry_both(mut near: TcpStream, server: SocketAddr, sender: watch::Sender<Weather>) {
    let mut weather = sender.subscribe();
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    near.set_nodelay(true).unwrap();
    far.set_nodelay(true).unwrap();
    let ((near_read, near_write), (far_read, far_write)) = (near.split(), far.split());
    let both = async {
        tokio::join!(
            carry(near_read, far_write, sender.subscribe(), true),
            carry(far_read, near_write, sender.subscribe(), false)
        );
    };
    tokio::select! {
        () = both => return,
        _ = weather.wait_for(|now| now.ends()) => {}
    }
    let end = *weather.borrow();
    match end {
        Weather::Reset => near.set_zero_linger().unwrap(),
        Weather::HalfOpen => {
            drop(far);
            // Until the program gives it up.
            let _ = tokio::io::copy(&mut near, &mut tokio::io::sink()).await;
        }
        _ => {}
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
    upwards: bool,
) {
    let mut buffer = vec![0; 16 << 10];
    loop {
        if weather.wait_for(|now| now.flows(upwards)).await.is_err() {
            return;
        }
        let length = tokio::select! {
            biased;
            _ = weather.wait_for(|now| !now.flows(upwards)) => continue,
            read = from.read(&mut buffer) => match read {
                Ok(length) if length > 0 => length,
                _ => break,
            },
        };
        let now = *weather.borrow();
        let step = if now == Weather::Split { 1 } else { length };
        for piece in buffer[..length].chunks(step) {
            if let Weather::Late(delay) = now {
                tokio::time::sleep(delay).await;
            }
            if to.write_all(piece).await.is_err() {
                return;
            }
            if step == 1 {
                tokio::task::yield_now().await;
            }
        }
    }
    // One side has ended; the other is told, and may go on. It may have ended too.
    let _ = to.shutdown().await;
}
