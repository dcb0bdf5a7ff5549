//! The user's cluster: from a kubeconfig to a client, to an agent's Pod, to its OpenCode server.
//!
//! [`connect()`] makes the client; [`api_error`] says in the product's words what the API server refused; [`server_pod`]
//! finds an agent's Pod; [`Tunnel`] carries bytes to it; [`Exec`] runs a command in it; [`opencode`] puts the three together; [`until`] waits for an
//! object to become what is wanted; [`EventRecorder`] tells users what was done to one.

mod channel;
mod connect;
mod deadline;
mod event_recorder;
mod exec;
mod exec_plugin;
mod failure;
mod object;
mod proxy;
mod relay;
mod server;
mod tunnel;
mod wait;

pub use connect::{Cluster, ConnectOptions, connect};
pub use deadline::is_sent_once;
pub use event_recorder::EventRecorder;
pub use exec::{Ended, Exec, ExecInput, ExecOutput, Said};
pub use failure::{Request, api_error};
pub use object::{merge_patch, user_name, who_am_i};
pub use server::{
    AgentConnector, PasswordSource, ServerPod, is_ready, newest_server_pod, opencode, server_pod, server_pods, trouble,
};
pub use tunnel::Tunnel;
pub use wait::{deadline, until};
