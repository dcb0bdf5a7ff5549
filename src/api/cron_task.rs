//! `CronTask` of `kubeopencode.io/v1alpha1`: a Task made again and again on a schedule.
//!
//! Source: the platform's CRD `kubeopencode.io_crontasks.yaml` (v0.1.7).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::CustomResource;
use serde::{Deserialize, Serialize};

use super::{TaskSpec, Unknown};

/// When to make which Task.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "kubeopencode.io",
    version = "v1alpha1",
    kind = "CronTask",
    plural = "crontasks",
    shortname = "ct",
    namespaced,
    status = "CronTaskStatus",
    schema = "disabled",
    derive = "PartialEq"
)]
#[serde(rename_all = "camelCase")]
pub struct CronTaskSpec {
    /// Five cron fields: minute, hour, day of month, month, day of week.
    pub schedule: String,
    /// IANA name; the controller's own zone (UTC in its image) if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What happens while the Task made before still runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency_policy: Option<ConcurrencyPolicy>,
    /// Nothing is made while true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Seconds by which a run may be late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starting_deadline_seconds: Option<i64>,
    /// With this many Tasks left over no more are made; 10 if absent. Deletes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retained_tasks: Option<i32>,
    /// The Task to make.
    pub task_template: TaskTemplate,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What happens at a scheduled time while the Task made before still runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConcurrencyPolicy {
    /// Both run.
    Allow,
    /// The new one is skipped; the default.
    #[default]
    Forbid,
    /// The old one is stopped.
    Replace,
    /// A policy of a newer platform.
    #[serde(untagged)]
    Other(String),
}

/// A Task to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskTemplate {
    /// Labels and annotations of the Task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<TaskTemplateMeta>,
    /// Its spec.
    pub spec: TaskSpec,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// Labels and annotations of a Task to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskTemplateMeta {
    /// Labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What the schedule did so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CronTaskStatus {
    /// Tasks that have not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<i32>,
    /// Those Tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_refs: Option<Vec<ObjectReference>>,
    /// When a Task was last made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_schedule_time: Option<Time>,
    /// When one last completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_successful_time: Option<Time>,
    /// When the next one is due; absent while suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_schedule_time: Option<Time>,
    /// Tasks made in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_executions: Option<i64>,
    /// See [`super::conditions`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Fields this type does not name.
    #[serde(flatten)]
    pub unknown: Unknown,
}
