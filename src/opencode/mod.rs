//! Client of the OpenCode server (1.18.x) over any byte stream. This room knows no Kubernetes.
//!
//! [`Client`] makes calls; [`Client::follow_events`] follows the server's events; [`Client::connect_pty`] joins a terminal;
//! [`Client::start_turn`] sends a prompt and follows it to its true end.

mod client;
mod connector;
mod error;
mod event;
mod events;
mod frames;
mod message_id;
mod pty;
mod secret;
mod transport;
mod turn;
pub mod types;

pub use client::Client;
pub use connector::{ByteStream, Connector, TcpConnector};
pub use error::Error;
pub use event::Event;
pub use events::{Followed, SILENCE_LIMIT, ended};
pub use frames::{InputCutter, Replay, utf16_len};
pub use message_id::{id_time, message_id, same_seed};
pub use pty::{Api as PtyApi, NewPty, Pty, PtyEvent, PtyInput, PtyOutput, PtyStream};
pub use secret::Secret;
pub(crate) use transport::encode as percent_encoded;
pub use turn::{Outcome, Turn, TurnEnd, TurnEvent, final_text};
pub use types::{
    Message, MessageQuery, MessageWithParts, Model, NamedError, NewSession, Part, PartKind, Permission, Prompt,
    PromptPart, Question, Reply, Role, Rule, Session, SessionActivity, SessionQuery,
};
