//! The custom resources as types, with every label, annotation, phase, condition and generated name in one place each.
//!
//! `kubeopencode.io/v1alpha1` (Task, Agent, AgentTemplate, CronTask) belongs to the KubeOpenCode platform: its types keep
//! the fields they do not know, so that reading and writing an object loses nothing. `session.kubeopencode.io/v1alpha1`
//! (Session) is ours. This room does no I/O.

pub mod agent;
pub mod agent_template;
pub mod conditions;
pub mod cron_task;
pub mod duration;
pub mod keys;
pub mod kinds;
pub mod names;
pub mod session;
pub mod task;
pub mod validate;

pub use agent::{Agent, AgentSpec, AgentStatus};
pub use agent_template::{AgentTemplate, AgentTemplateSpec, AgentTemplateStatus};
pub use cron_task::{CronTask, CronTaskSpec, CronTaskStatus};
pub use duration::GoDuration;
pub use session::{Session, SessionSpec, SessionStatus};
pub use task::{Task, TaskSpec, TaskStatus};

use serde::{Deserialize, Serialize};

/// Fields of an object that these types do not name; kept so that a round trip loses nothing.
pub type Unknown = serde_json::Map<String, serde_json::Value>;

/// A reference to an object of a known kind in the same namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NameRef {
    /// Name of the object.
    pub name: String,
}

#[cfg(test)]
mod round_trip;
