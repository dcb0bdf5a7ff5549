//! The reconcilers of Session, Agent and Task.
//!
//! [`run()`] watches what they need, once per kind, and runs them until it is cancelled. `session` is ours alone; `agent` and
//! `task` speak the KubeOpenCode platform's API and are for clusters where the platform's own controller is absent.

pub mod agent;
pub mod context;
pub mod feed;
pub mod lease;
pub mod link;
pub mod metrics;
pub mod plant;
pub mod pod;
pub mod queue;
pub mod report;
pub mod run;
pub mod runtime;
pub mod session;
pub mod status;
pub mod task;
pub mod transcript;

pub use lease::platform_controller;
pub use link::Reach;
pub use run::{Options, give_way, run};
pub use runtime::{AgentRuntime, ServerAddress};
pub use session::{Limits, keeper};
