//! `metadata.managedFields`: who set which field.

use serde_json::Value;

use super::resources::Resource;
use super::strategy::Part;

/// Records a plain write.
pub fn record_update(_resource: &Resource, _old: Option<&Value>, _new: &mut Value, _manager: &str, _part: Part) {}
