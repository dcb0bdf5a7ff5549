//! One place in which settings stand, and what stands there.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::known::{Accepts, Place, SETTINGS, Setting, nearest};
use crate::api::validate::{self, Problem};
use crate::commands::wait::read;
use crate::error::{Code, Error, Result};
use crate::output::from_yaml;

/// Where a layer's values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// Variables of the environment.
    Environment,
    /// A session template.
    Template(String),
    /// The `ConfigMap` of the namespace.
    Namespace(String),
    /// The user's file.
    File(PathBuf),
    /// This program.
    BuiltIn,
}

impl Origin {
    /// What kind of layer it is, for programs.
    pub fn layer(&self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::Template(_) => "template",
            Self::Namespace(_) => "namespace",
            Self::File(_) => "file",
            Self::BuiltIn => "built-in",
        }
    }

    /// Where a setting of it stands.
    pub fn place_of(&self, key: &str) -> String {
        match (self, Setting::named(key).and_then(Setting::variable)) {
            (Self::Environment, Some(variable)) => variable,
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment => f.write_str("environment"),
            Self::Template(name) => write!(f, "session template {name}"),
            Self::Namespace(namespace) => write!(f, "configmap {} of namespace {namespace}", super::NAMESPACE),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::BuiltIn => f.write_str("built-in"),
        }
    }
}

/// A name in the form that a reference to an object has.
pub fn reference_to(name: Option<&String>) -> Option<Value> {
    name.map(|name| json!({ "name": name }))
}

/// Settings of one origin. Each label and annotation is a setting of its own, `labels.KEY`, so that maps merge by key; a
/// null takes away what lower layers say.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Where they come from.
    pub origin: Origin,
    /// By name, in the form that a Session has.
    pub values: BTreeMap<String, Value>,
}

impl Layer {
    /// One without settings.
    pub fn new(origin: Origin) -> Self {
        Self { origin, values: BTreeMap::new() }
    }

    /// Sets a value that has the form which a Session has.
    pub fn set(&mut self, key: &str, value: Value) {
        match (Setting::named(key).map(|setting| setting.accepts), value) {
            (Some(Accepts::Pairs), Value::Object(pairs)) => {
                self.values.extend(pairs.into_iter().map(|(name, value)| (format!("{key}.{name}"), value)));
            }
            (_, value) => {
                self.values.insert(key.to_owned(), value);
            }
        }
    }

    /// What the command line says: values that have the form which a Session has.
    pub fn of_flags<'a>(given: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Self {
        let mut layer = Self::new(Origin::Flag);
        for (key, value) in given {
            if let Some(value) = value {
                layer.set(key, value);
            }
        }
        layer
    }

    /// Variables of the environment; an empty one says nothing.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut layer = Self::new(Origin::Environment);
        for setting in &SETTINGS {
            let Some(name) = setting.variable() else { continue };
            let Some(typed) = variable(&name).filter(|typed| !typed.trim().is_empty()) else { continue };
            let value = setting.accepts.read(&typed.into()).map_err(|why| {
                Error::usage(format!("the variable {name} is not valid")).because(why).hint(format!("unset {name}"))
            })?;
            Self::check_alone(setting.key, &value, &format!("the variable {name}"))?;
            layer.set(setting.key, value);
        }
        layer.checked()
    }

    /// A file of settings: a YAML or JSON map of names and values.
    pub fn of_text(text: &str, origin: Origin) -> Result<Self> {
        let mut layer = Self::new(origin);
        for (key, typed) in map(text, &layer.origin)? {
            let (setting, value) = layer.read(&key, &typed)?;
            layer.set(if setting.accepts == Accepts::Pairs { &key } else { setting.key }, value);
        }
        layer.checked()
    }

    /// Reads one setting as it stands in a file of this origin.
    pub fn read(&self, key: &str, typed: &Value) -> Result<(&'static Setting, Value)> {
        let wrong = |message: String| match &self.origin {
            Origin::Flag => Error::usage(message),
            origin => Error::new(Code::InvalidConfiguration, format!("{origin}: {message}")),
        };
        let known = || SETTINGS.iter().filter(|setting| setting.place != Place::Template).map(|setting| setting.key);
        let setting = Setting::named(key).filter(|setting| setting.place != Place::Template).ok_or_else(|| {
            let all = "kubectl opencode explain settings";
            let error = wrong(format!("there is no setting \"{key}\""));
            match nearest(key, known()) {
                Some(meant) => error.hint(format!("did you mean {meant}? all settings: {all}")),
                None => error.hint(all),
            }
        })?;
        if setting.place == Place::Person && matches!(self.origin, Origin::Namespace(_)) {
            return Err(wrong(format!("\"{key}\" is for each person to say, not for a namespace"))
                .hint(format!("kubectl opencode config set {key} VALUE")));
        }
        if typed.is_null() {
            return Ok((setting, Value::Null));
        }
        let within = setting.accepts == Accepts::Pairs && key.contains('.');
        let value = if within { Accepts::Text.read(typed) } else { setting.accepts.read(typed) };
        value.map(|value| (setting, value)).map_err(|why| {
            wrong(format!("\"{key}\" is not valid")).because(why).hint("kubectl opencode explain settings")
        })
    }

    /// A session template's text: `metadata.labels`, `metadata.annotations` and `spec`, as in a manifest of a Session.
    pub fn of_template(text: &str, name: &str) -> Result<Self> {
        let mut layer = Self::new(Origin::Template(name.to_owned()));
        let wrong = |message: String| {
            Error::new(Code::InvalidConfiguration, format!("session template \"{name}\" is not valid: {message}"))
                .hint(format!("kubectl opencode template describe {name}; to change it: kubectl edit configmap {name}"))
        };
        for (part, fields) in map(text, &layer.origin)? {
            let known: Vec<&str> = match part.as_str() {
                "metadata" => vec!["labels", "annotations"],
                "spec" => SETTINGS.iter().filter_map(|setting| setting.field).collect(),
                other => return Err(wrong(format!("{other}: there is no such field; it holds metadata and spec"))),
            };
            let Value::Object(fields) = fields else {
                return Err(wrong(format!("{part}: {fields} is no map")));
            };
            for (field, value) in fields {
                let setting = if part == "spec" { Setting::of_field(&field) } else { Setting::named(&field) };
                let Some(setting) = setting.filter(|_| known.contains(&field.as_str())) else {
                    let meant = nearest(&field, known.into_iter());
                    let meant = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
                    return Err(wrong(format!("{part}.{field}: there is no such field{meant}")));
                };
                let value = match setting.accepts {
                    Accepts::Pairs => setting.accepts.read(&value),
                    _ => Ok(value),
                };
                layer.set(setting.key, value.map_err(|why| wrong(format!("{part}.{field}: {why}")))?);
            }
        }
        layer.checked()
    }

    /// Checks a setting that was typed, alone; `what` names it.
    ///
    /// # Errors
    ///
    /// `usage`.
    pub fn check_alone(key: &str, value: &Value, what: &str) -> Result<()> {
        let mut alone = Self::new(Origin::Flag);
        alone.set(key, value.clone());
        match alone.problems()?.into_iter().next() {
            Some(problem) => {
                Err(Error::usage(format!("{what} is not valid")).because(problem.message).hint(problem.hint))
            }
            None => Ok(()),
        }
    }

    /// Checks what is set by the rules of a Session, as far as they hold for a part of one.
    fn checked(self) -> Result<Self> {
        validate::check(&self.origin.to_string(), self.problems()?)?;
        Ok(self)
    }

    fn problems(&self) -> Result<Vec<Problem>> {
        let mut part = super::resolve(std::slice::from_ref(self)).session();
        part["metadata"]["name"] = "settings".into();
        let spec = &mut part["spec"];
        // What it lacks, another layer may say.
        if spec.get("agentRef").is_none() && spec.get("templateRef").is_none() {
            let dedicated = spec.get("fallbackAgentRef").is_some();
            spec[if dedicated { "templateRef" } else { "agentRef" }] = json!({"name": "another"});
        }
        let origin = self.origin.to_string();
        let session = read(&part).map_err(|error| {
            let why = error.causes.join(": ");
            Error::new(Code::InvalidConfiguration, format!("{origin} is not valid")).because(why)
        })?;
        Ok(validate::session(&session))
    }
}

/// The one map in a text; nothing is an empty one.
fn map(text: &str, origin: &Origin) -> Result<Map<String, Value>> {
    let wrong = |why: String| Error::new(Code::InvalidConfiguration, format!("{origin} cannot be read")).because(why);
    let mut documents =
        from_yaml(text).map_err(|error| wrong(error.causes.first().cloned().unwrap_or(error.message)))?;
    match (documents.pop(), documents.is_empty()) {
        (None, _) => Ok(Map::new()),
        (Some(Value::Object(map)), true) => Ok(map),
        _ => Err(wrong("it is not one map of names and values".to_owned())),
    }
}
