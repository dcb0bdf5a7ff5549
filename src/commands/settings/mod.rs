//! Settings in layers: what is said in several places becomes one answer, and each value knows its origin.
//!
//! ```text
//!   flags > environment > session template > ConfigMap of the namespace > user's file > built-in
//! ```
//!
//! A scalar of a higher layer takes the place of a lower one's, maps merge by key, a list takes the place of the whole
//! list, and null takes away. What is read goes one way: layers are resolved into [`Resolved`], which becomes the
//! metadata and the spec of a Session or a Task. Commands that only show things read no layer, and neither do those that
//! copy what is there; a command that makes new work costs one GET more.
//!
//! - The environment: `KUBECTL_OPENCODE_` and the setting's name, `KUBECTL_OPENCODE_IDLE_TIMEOUT`.
//! - The namespace: the `ConfigMap` [`NAMESPACE`], under the key [`FILE`]. Whoever may not read it goes without.
//! - The user's file: `$KUBECTL_OPENCODE_CONFIG`, else `$XDG_CONFIG_HOME/kubectl-opencode/config.yaml`.

mod known;
mod layer;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum as _;
use etcetera::BaseStrategy as _;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use serde_json::{Map, Value};

pub use known::{Accepts, Place, SETTINGS, Setting, shown};
pub use layer::{Layer, Origin, reference_to};

use super::{Context, prompt};
use crate::api::keys;
use crate::api::kinds::{Kind, SESSION};
use crate::cli::approvals::OnPermission;
use crate::cli::flags::DryRun;
use crate::cluster::{self, Request};
use crate::error::{Code, Error, Result};
use crate::terminal::DetachKeys;

/// Name of the `ConfigMap` with the defaults of a namespace.
pub const NAMESPACE: &str = "kubectl-opencode";
/// The key under which settings stand in it.
pub const FILE: &str = "config.yaml";
/// The key under which a session template stands in its `ConfigMap`.
pub const TEMPLATE_FILE: &str = "session.yaml";
/// The variable that names another file than the user's own.
pub const FILE_VARIABLE: &str = "KUBECTL_OPENCODE_CONFIG";

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In the form that a Session has.
    pub value: Value,
    /// Where it stands.
    pub origin: Origin,
}

/// What the layers say together, by name; each label and annotation has a name of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved(BTreeMap<String, Found>);

/// Makes one of several layers, the highest first.
pub fn resolve(layers: &[Layer]) -> Resolved {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for layer in layers {
        // What one layer says of where to run holds together, so it is compared with the layers above alone.
        let decided = |key: &str, found: &BTreeMap<String, Found>| {
            let has = |key: &str| found.get(key).is_some_and(|found| !found.value.is_null());
            match key {
                "agent" => has("agent-template"),
                "agent-template" | "fallback-agent" => has("agent"),
                _ => key.split_once('.').is_some_and(|(map, _)| found.contains_key(map)),
            }
        };
        let new: Vec<_> = layer
            .values
            .iter()
            .filter(|(key, _)| !found.contains_key(*key) && !decided(key, &found))
            .map(|(key, value)| (key.clone(), Found { value: value.clone(), origin: layer.origin.clone() }))
            .collect();
        found.extend(new);
    }
    found.retain(|_, found| !found.value.is_null());
    Resolved(found)
}

impl Resolved {
    /// The value of a setting, and where it comes from.
    pub fn get(&self, key: &str) -> Option<&Found> {
        self.0.get(key)
    }

    /// Everything that belongs to a setting: itself, or each key of a map.
    pub fn of(&self, setting: &Setting) -> impl Iterator<Item = (&str, &Found)> {
        let within = format!("{}.", setting.key);
        let of = move |key: &str| key == setting.key || key.starts_with(&within);
        self.0.iter().map(|(key, found)| (key.as_str(), found)).filter(move |(key, _)| of(key))
    }

    /// `metadata` and `spec` of a Session.
    pub fn session(&self) -> Value {
        self.object(|_| true)
    }

    /// The same of an object of this kind, as far as it has the fields: a Session, a Task, or the Tasks of a schedule.
    pub fn object_of(&self, kind: &Kind) -> Value {
        self.object(|field| *kind == SESSION || ["agentRef", "templateRef", "timeout"].contains(&field))
    }

    /// The same without these settings.
    #[must_use]
    pub fn without(mut self, settings: &[&str]) -> Self {
        self.0.retain(|key, _| !settings.contains(&key.as_str()));
        self
    }

    fn object(&self, has: impl Fn(&str) -> bool) -> Value {
        let (mut metadata, mut spec) = (Map::new(), Map::new());
        for setting in &SETTINGS {
            for (key, found) in self.of(setting) {
                match (setting.field, key.split_once('.')) {
                    (Some(field), _) if has(field) => {
                        spec.insert(field.to_owned(), found.value.clone());
                    }
                    (None, Some((map, name))) => {
                        let pairs = metadata.entry(map).or_insert_with(|| Value::Object(Map::new()));
                        pairs[name] = found.value.clone();
                    }
                    _ => {}
                }
            }
        }
        Value::Object(Map::from_iter([("metadata".to_owned(), metadata.into()), ("spec".to_owned(), spec.into())]))
    }

    /// What becomes of requests to a person.
    pub fn on_permission(&self) -> OnPermission {
        let word = self.get("on-permission").and_then(|found| found.value.as_str());
        word.and_then(|word| OnPermission::from_str(word, true).ok()).unwrap_or_default()
    }

    /// The keys that leave a terminal.
    pub fn detach_keys(&self) -> DetachKeys {
        let keys = self.get("detach-keys").and_then(|found| found.value.as_str());
        keys.and_then(|keys| keys.parse().ok()).unwrap_or_default()
    }
}

/// The layers that were read, the highest first, and those that were not.
#[derive(Debug)]
pub struct Layers {
    /// What was read.
    pub read: Vec<Layer>,
    /// What was not, and why.
    pub left_out: Vec<(Origin, String)>,
}

impl Layers {
    /// What they say together.
    pub fn resolve(&self) -> Resolved {
        resolve(&self.read)
    }
}

/// What a person says of their own: environment and file, without the cluster.
pub fn of_person() -> Result<Resolved> {
    Ok(resolve(&[environment()?, of_file()?]))
}

/// What holds for new work: every layer. The session template is read where `templates` says that one may be meant.
///
/// # Errors
///
/// `invalid_configuration` where a layer holds what is no setting; `template_not_found`. A namespace whose `ConfigMap` may
/// not be read is left out; so is one that cannot be reached when nothing is to be sent.
pub async fn for_new_work(context: &Context, flags: Layer, templates: bool, dry_run: DryRun) -> Result<Layers> {
    let (environment, file) = (environment()?, of_file()?);
    let named = |layers: &[&Layer]| {
        let name = layers.iter().find_map(|layer| layer.values.get("template").and_then(Value::as_str));
        name.filter(|_| templates).map(str::to_owned)
    };
    let asked = named(&[&flags, &environment]);
    let (mut namespace, mut template) = tokio::join!(of_namespace(context), async {
        match &asked {
            Some(name) => of_template(context, name).await.map(Some),
            None => Ok(None),
        }
    });
    if dry_run == DryRun::Client
        && let Err(error) = &namespace
        && error.code != Code::InvalidConfiguration
    {
        namespace = Ok(Err(error.to_string()));
    }
    let mut left_out = Vec::new();
    let name = context.cluster().await.map(|cluster| cluster.namespace.clone()).unwrap_or_default();
    let namespace = namespace?.unwrap_or_else(|why| {
        tracing::debug!("the defaults of the namespace are not read: {why}");
        left_out.push((Origin::Namespace(name.clone()), why));
        Layer::new(Origin::Namespace(name))
    });
    if asked.is_none()
        && let Some(name) = named(&[&namespace, &file])
    {
        let origin = if namespace.values.contains_key("template") { &namespace.origin } else { &file.origin };
        let found = of_template(context, &name).await;
        template = found.map(Some).map_err(|error| error.because(format!("{origin} names it")));
    }
    let read = [Some(flags), Some(environment), template?, Some(namespace), Some(file)];
    Ok(Layers { read: read.into_iter().flatten().collect(), left_out })
}

/// What becomes of requests to a person: the flag, or what the person says elsewhere.
pub fn on_permission(flag: Option<OnPermission>) -> Result<OnPermission> {
    match flag {
        Some(flag) => Ok(flag),
        None => of_person().map(|person| person.on_permission()),
    }
}

/// What the environment says.
pub fn environment() -> Result<Layer> {
    Layer::of_environment(|name| std::env::var(name).ok())
}

/// Where the user's settings stand; none for a user without a home.
pub fn path() -> Option<PathBuf> {
    let named = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty());
    let own = || Some(etcetera::choose_base_strategy().ok()?.config_dir().join("kubectl-opencode").join(FILE));
    named.map(PathBuf::from).or_else(own)
}

/// What the user's file says; one that is not there says nothing.
pub fn of_file() -> Result<Layer> {
    let Some(path) = path() else { return Ok(Layer::new(Origin::File(PathBuf::new()))) };
    let text = prompt::settings(&path)?.unwrap_or_default();
    Layer::of_text(&text, Origin::File(path))
}

/// What the namespace says, or why that is not known.
async fn of_namespace(context: &Context) -> Result<Result<Layer, String>> {
    let namespace = context.cluster().await?.namespace.clone();
    let origin = Origin::Namespace(namespace);
    match config_map(context, NAMESPACE).await {
        Ok(None) => Ok(Ok(Layer::new(origin))),
        Ok(Some(found)) => {
            let text = found.data.unwrap_or_default().remove(FILE).ok_or_else(|| {
                Error::new(Code::InvalidConfiguration, format!("{origin} has no key \"{FILE}\""))
                    .hint(format!("kubectl create configmap {NAMESPACE} --from-file={FILE}=FILE"))
            })?;
            Layer::of_text(&text, origin).map(Ok)
        }
        Err(error) if error.code == Code::Forbidden => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Reads a session template.
pub async fn of_template(context: &Context, name: &str) -> Result<Layer> {
    let namespace = &context.cluster().await?.namespace;
    let found = config_map(context, name).await?.filter(|found| {
        let labels = found.metadata.labels.as_ref();
        labels.and_then(|labels| labels.get(keys::TEMPLATE)).is_some_and(|of| of == keys::TEMPLATE_OF_SESSIONS)
    });
    let Some(found) = found else {
        return Err(Error::new(
            Code::TemplateNotFound,
            format!("session template \"{name}\" in namespace \"{namespace}\" does not exist"),
        )
        .hint("kubectl opencode template list"));
    };
    let text = found.data.unwrap_or_default().remove(TEMPLATE_FILE).ok_or_else(|| {
        Error::new(
            Code::InvalidConfiguration,
            format!("session template \"{name}\" is not valid: it has no key \"{TEMPLATE_FILE}\""),
        )
        .hint(format!("kubectl edit configmap {name}"))
    })?;
    Layer::of_template(&text, name)
}

async fn config_map(context: &Context, name: &str) -> Result<Option<ConfigMap>> {
    let cluster = context.cluster().await?;
    let maps: Api<ConfigMap> = Api::namespaced(cluster.client.clone(), &cluster.namespace);
    let asked = Request::new("get", "configmaps").namespace(&cluster.namespace).name(name);
    maps.get_opt(name).await.map_err(|error| cluster::api_error(error, &asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kinds::TASK;
    use proptest::prelude::*;
    use serde_json::json;

    fn layer(origin: Origin, values: &Value) -> Layer {
        let mut layer = Layer::new(origin);
        for (key, value) in values.as_object().unwrap() {
            layer.set(key, value.clone());
        }
        layer
    }

    fn origins() -> [Origin; 5] {
        [
            Origin::Flag,
            Origin::Environment,
            Origin::Template("t".into()),
            Origin::Namespace("n".into()),
            Origin::File("/f".into()),
        ]
    }

    #[test]
    fn scalars_give_way_maps_merge_lists_are_replaced_and_null_takes_away() {
        let high =
            json!({"model": "a/b", "labels": {"k": "high", "gone": null}, "repos": [{"url": "r"}], "timeout": null});
        let low = json!({"model": "c/d", "mode": "build", "timeout": "1h0m0s",
            "labels": {"k": "low", "l": "low", "gone": "low"}, "repos": [{"url": "s"}, {"url": "t"}]});
        let resolved = resolve(&[layer(Origin::Flag, &high), layer(Origin::File("/f".into()), &low)]);
        assert_eq!(
            resolved.session(),
            json!({"metadata": {"labels": {"k": "high", "l": "low"}},
                "spec": {"model": "a/b", "mode": "build", "repos": [{"url": "r"}]}})
        );
        assert_eq!(resolved.get("labels.l").unwrap().origin, Origin::File("/f".into()));
        let none = resolve(&[layer(Origin::Flag, &json!({"labels": null})), layer(Origin::BuiltIn, &low)]);
        assert_eq!(none.session()["metadata"], json!({}));
        assert_eq!(none.object_of(&TASK)["spec"], json!({"timeout": "1h0m0s"}));
    }

    #[test]
    fn where_to_run_is_decided_by_the_highest_layer_that_says_it() {
        let own = json!({"agent-template": {"name": "t"}, "fallback-agent": {"name": "f"}});
        let shared = json!({"agent": {"name": "a"}});
        let over = |high: &Value, low: &Value| resolve(&[layer(Origin::Flag, high), layer(Origin::BuiltIn, low)]);
        assert_eq!(over(&shared, &own).session()["spec"], json!({"agentRef": {"name": "a"}}));
        assert_eq!(
            over(&own, &shared).session()["spec"],
            json!({"templateRef": {"name": "t"}, "fallbackAgentRef": {"name": "f"}})
        );
    }

    #[test]
    fn layers_are_read_and_what_is_wrong_is_named() {
        let file = |text: &str| Layer::of_text(text, Origin::File("/f".into()));
        assert_eq!(file("").unwrap().values.len(), 0);
        let read = file("agent: dev\nlabels: {a: b}\nlabels.c: d\ntimeout: 30m\nmodel: null\n").unwrap();
        let keys: Vec<_> = read.values.keys().map(String::as_str).collect();
        assert_eq!(keys, ["agent", "labels.a", "labels.c", "model", "timeout"]);
        for (text, told) in [
            ("modle: a/b", "did you mean model?"),
            ("title: x", "there is no setting"),
            ("model: x", "PROVIDER/MODEL"),
            ("timeout: soon", "is not valid"),
            ("- a", "not one map"),
            ("a: [", "cannot be read"),
            ("agent: a\nagent-template: b", "only one of"),
            ("labels: {a: 1}", "put it into quotes"),
        ] {
            let error = file(text).unwrap_err();
            assert!(format!("{error} {:?}", error.hint).contains(told), "{text}: {error:?}");
            assert_eq!(error.code, Code::InvalidConfiguration);
        }
        let namespace = |text: &str| Layer::of_text(text, Origin::Namespace("n".into()));
        assert!(namespace("on-permission: allow").unwrap_err().message.contains("for each person"));
        let set = |name: &str| (name == "KUBECTL_OPENCODE_IDLE_TIMEOUT").then(|| "5m".to_owned());
        assert_eq!(Layer::of_environment(set).unwrap().values["idle-timeout"], "5m0s");
        let wrong = |name: &str| (name == "KUBECTL_OPENCODE_TTL").then(|| "soon".to_owned());
        assert_eq!(Layer::of_environment(wrong).unwrap_err().code, Code::Usage);
    }

    #[test]
    fn a_template_may_say_everything_that_a_session_has_and_nothing_else() {
        let read = |text: &str| Layer::of_template(text, "t");
        let all = "metadata: {labels: {a: b}, annotations: {c: d}}\nspec: {title: x, prompt: hi, workflow: {gitUrl: u}, \
                   suspend: true, permissions: Ask}\n";
        let session = resolve(&[read(all).unwrap()]).session();
        assert_eq!(session["metadata"], json!({"labels": {"a": "b"}, "annotations": {"c": "d"}}));
        assert_eq!(session["spec"]["workflow"], json!({"gitUrl": "u"}));
        for (text, told) in [
            ("spec: {modle: a/b}", "spec.modle: there is no such field; did you mean model?"),
            ("metadata: {name: x}", "metadata.name: there is no such field"),
            ("status: {}", "status: there is no such field"),
            ("spec: {timeout: soon}", "spec.timeout: invalid duration"),
            ("spec: {permissions: Maybe}", "unknown variant"),
            ("spec: [1]", "is no map"),
            ("spec: {agentRef: {name: a}, templateRef: {name: b}}", "only one of"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(told), "{text}: {error}");
            assert_eq!(error.code, Code::InvalidConfiguration);
        }
    }

    fn values() -> impl Strategy<Value = BTreeMap<String, Value>> {
        let key = prop::sample::select(vec!["model", "mode", "repos", "labels.a", "labels.b", "annotations.a", "ttl"]);
        let value = prop_oneof![Just(Value::Null), "[a-c]".prop_map(Value::from), (0..3_u8).prop_map(Value::from)];
        prop::collection::btree_map(key.prop_map(str::to_owned), value, 0..7)
    }

    proptest! {
        #[test]
        fn the_highest_layer_that_says_it_wins(all in prop::collection::vec(values(), 5)) {
            let layers: Vec<_> =
                origins().into_iter().zip(&all).map(|(origin, values)| Layer { origin, values: values.clone() }).collect();
            let resolved = resolve(&layers);
            for key in all.iter().flat_map(BTreeMap::keys) {
                let first = layers.iter().find(|layer| layer.values.contains_key(key)).unwrap();
                let expected = Found { value: first.values[key].clone(), origin: first.origin.clone() };
                prop_assert_eq!(resolved.get(key), Some(&expected).filter(|found| !found.value.is_null()));
            }
            for (key, found) in &resolved.0 {
                prop_assert!(layers.iter().any(|layer| layer.values.get(key) == Some(&found.value)));
            }
        }

        #[test]
        fn a_layer_that_says_nothing_changes_nothing(values in values(), at in 0..3_usize) {
            let mut layers = vec![Layer { origin: Origin::Environment, values }, Layer::new(Origin::BuiltIn)];
            let before = resolve(&layers);
            layers.insert(at.min(layers.len()), Layer::new(Origin::Flag));
            prop_assert_eq!(resolve(&layers), before);
        }
    }
}
