//! Pods that hold an agent: what a server Pod and a Task Pod made from a template have in common.
//!
//! Names of containers, volumes and variables are the platform's (`internal/controller/pod_builder.go`), so that its web
//! terminal and its users' habits go on working. Differences: `HOME` is a volume of the Pod instead of `/tmp`, files come
//! from the `ConfigMap` without an image of the platform's own, and the containers of a Pod share their process namespace,
//! because OpenCode as process 1 ignores SIGTERM.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::agent::resolve::{Problem, Resolved};
use super::runtime::AgentRuntime;

/// Home directory of every agent container.
pub const HOME: &str = "/home/opencode";
/// Where the `ConfigMap`'s files are mounted.
pub const FILES: &str = "/etc/kubeopencode";
/// Key of the OpenCode configuration in the `ConfigMap`, as the platform names it.
pub const CONFIG_KEY: &str = "tools-opencode.json";
/// Key of the contexts in the `ConfigMap`, as the platform names it for the usual workspace.
const CONTEXT_KEY: &str = "workspace-.kubeopencode-context.md";
/// Where the `opencode` binary of an init container lands.
const TOOLS: &str = "/tools";
/// Mode of mounted credentials where none is given.
const CREDENTIAL_MODE: i64 = 0o600;

/// Variable that protects a server.
pub const SERVER_PASSWORD: &str = "OPENCODE_SERVER_PASSWORD";

/// What a Pod is assembled from.
#[derive(Debug, Default)]
pub struct PodParts {
    /// `volumes`.
    pub volumes: Vec<Value>,
    /// `volumeMounts` of the main container.
    pub mounts: Vec<Value>,
    /// `env` of the main container, in order.
    pub env: Vec<Value>,
    /// `envFrom` of the main container.
    pub env_from: Vec<Value>,
    /// `initContainers`.
    pub init: Vec<Value>,
    /// `data` of the `ConfigMap`.
    pub files: Map<String, Value>,
    config_map: String,
}

impl PodParts {
    /// The parts that every agent container needs. `config_map` names the `ConfigMap` that will hold [`PodParts::files`].
    pub fn new(resolved: &Resolved, runtime: &AgentRuntime, config_map: &str) -> Result<Self, Problem> {
        let mut parts = Self { config_map: config_map.to_owned(), ..Self::default() };
        parts.variable("HOME", HOME);
        parts.variable("SHELL", "/bin/bash");
        parts.env.push(json!({"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}));
        for (name, value) in &runtime.env {
            parts.variable(name, value);
        }
        if let Some(secret) = &runtime.env_secret {
            parts.env_from.push(json!({"secretRef": {"name": secret, "optional": true}}));
        }
        parts.variable("WORKSPACE_DIR", &resolved.workspace);
        parts.empty_dir("home", HOME);
        parts.configuration(resolved, runtime)?;
        parts.contexts(resolved);
        parts.tools(resolved, runtime);
        for (index, credential) in resolved.credentials.iter().enumerate() {
            parts.credential(index, credential)?;
        }
        if let Some(more) = resolved.pod.get("extraVolumes").and_then(Value::as_array) {
            parts.volumes.extend(more.iter().cloned());
        }
        if let Some(more) = resolved.pod.get("extraVolumeMounts").and_then(Value::as_array) {
            parts.mounts.extend(more.iter().cloned());
        }
        if let Some(more) = resolved.pod.get("extraEnv").and_then(Value::as_array) {
            parts.env.extend(more.iter().cloned());
        }
        Ok(parts)
    }

    /// An environment variable.
    pub fn variable(&mut self, name: &str, value: &str) {
        self.env.push(json!({"name": name, "value": value}));
    }

    /// A volume that lives as long as the Pod.
    pub fn empty_dir(&mut self, name: &str, path: &str) {
        self.volumes.push(json!({"name": name, "emptyDir": {}}));
        self.mounts.push(json!({"name": name, "mountPath": path}));
    }

    /// A volume that outlives the Pod.
    pub fn claim(&mut self, name: &str, claim: &str, path: &str) {
        self.volumes.push(json!({"name": name, "persistentVolumeClaim": {"claimName": claim}}));
        self.mounts.push(json!({"name": name, "mountPath": path}));
    }

    fn configuration(&mut self, resolved: &Resolved, runtime: &AgentRuntime) -> Result<(), Problem> {
        // A credential is a provider's key, unless it is the server's own password.
        let has_key = resolved.credentials.iter().any(|credential| credential["env"] != SERVER_PASSWORD);
        let offline = runtime.offline_model.as_ref().filter(|_| !has_key);
        let config = effective_config(resolved.config.as_ref(), offline);
        if !config.as_ref().is_some_and(|config| config.contains_key("permission")) {
            // Automation has nobody to ask; a configuration that says otherwise wins.
            self.variable("OPENCODE_PERMISSION", r#"{"*":"allow"}"#);
        }
        let Some(config) = config else { return Ok(()) };
        let text = serde_json::to_string_pretty(&config).map_err(|error| Problem::Config(error.to_string()))?;
        let path = self.file(CONFIG_KEY, text);
        self.variable("OPENCODE_CONFIG", &path);
        Ok(())
    }

    /// Texts without a path of their own become one file that the model is told to read, in the platform's form.
    fn contexts(&mut self, resolved: &Resolved) {
        let texts: String = contexts(resolved).filter_map(context_text).collect();
        if !texts.is_empty() {
            let path = self.file(CONTEXT_KEY, texts);
            self.variable("OPENCODE_CONFIG_CONTENT", &json!({"instructions": [path]}).to_string());
        }
    }

    /// Puts a file into the `ConfigMap`; the answer is its path in the main container.
    pub fn file(&mut self, key: &str, content: String) -> String {
        self.files.insert(key.to_owned(), Value::String(content));
        format!("{FILES}/{key}")
    }

    fn tools(&mut self, resolved: &Resolved, runtime: &AgentRuntime) {
        if !runtime.init_image {
            return;
        }
        self.empty_dir("tools", TOOLS);
        let image = resolved.agent_image.as_deref().unwrap_or(&runtime.agent_image);
        let mut container = container("opencode-init", image, None);
        container["env"] = json!([{"name": "TOOLS_DIR", "value": TOOLS}]);
        container["volumeMounts"] = json!([{"name": "tools", "mountPath": TOOLS}]);
        self.init.push(container);
    }

    fn credential(&mut self, index: usize, credential: &Value) -> Result<(), Problem> {
        let text = |path: &str| credential.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (key, variable, path) = (text("/secretRef/key"), text("/env"), text("/mountPath"));
        let Some(secret) = text("/secretRef/name") else {
            return Err(Problem::Incomplete(format!("spec.credentials[{index}] names no secret")));
        };
        if let Some(name) = variable {
            let Some(key) = key else {
                return Err(Problem::Incomplete(format!("spec.credentials[{index}].env needs secretRef.key")));
            };
            let reference = json!({"secretKeyRef": {"name": secret, "key": key}});
            self.env.push(json!({"name": name, "valueFrom": reference}));
        }
        if let Some(path) = path {
            let volume = format!("credential-{index}");
            let mode = credential.get("fileMode").and_then(Value::as_i64).unwrap_or(CREDENTIAL_MODE);
            let mut source = json!({"secretName": secret, "defaultMode": mode});
            let mut mount = json!({"name": volume, "mountPath": path, "readOnly": true});
            if let Some(key) = key {
                source["items"] = json!([{"key": key, "path": key, "mode": mode}]);
                mount["subPath"] = json!(key);
            }
            self.volumes.push(json!({"name": volume, "secret": source}));
            self.mounts.push(mount);
        }
        if variable.is_none() && path.is_none() {
            if key.is_some() {
                let what = format!("spec.credentials[{index}] has a key, but neither env nor mountPath");
                return Err(Problem::Incomplete(what));
            }
            self.env_from.push(json!({"secretRef": {"name": secret}}));
        }
        Ok(())
    }

    /// Whether the main container's environment sets a variable.
    pub fn sets(&self, name: &str) -> bool {
        self.env.iter().any(|variable| variable["name"] == name)
    }

    /// The first 16 hexadecimal digits of the hash of the files: a Pod template with it rolls when a file changes.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(Value::Object(self.files.clone()).to_string());
        digest.iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// The `spec` of a Pod around `main`, the main container, which gets these parts' mounts and variables.
    pub fn pod_spec(mut self, mut main: Value, resolved: &Resolved, restart_policy: &str) -> Value {
        if !self.files.is_empty() {
            self.volumes.push(json!({"name": "context-files", "configMap": {"name": self.config_map}}));
            self.mounts.push(json!({"name": "context-files", "mountPath": FILES, "readOnly": true}));
        }
        main["env"] = Value::Array(self.env);
        if !self.env_from.is_empty() {
            main["envFrom"] = Value::Array(self.env_from);
        }
        main["volumeMounts"] = Value::Array(self.mounts);
        let tuning = &resolved.pod;
        for (ours, theirs) in
            [("resources", "resources"), ("securityContext", "securityContext"), ("lifecycle", "lifecycle")]
        {
            if let Some(value) = tuning.get(theirs).filter(|value| !value.is_null()) {
                main[ours] = value.clone();
            }
        }
        let mut spec = json!({
            "restartPolicy": restart_policy,
            "shareProcessNamespace": true,
            "terminationGracePeriodSeconds": 10,
            "containers": [main],
            "volumes": self.volumes,
        });
        if !self.init.is_empty() {
            spec["initContainers"] = Value::Array(self.init);
        }
        if let Some(account) = &resolved.service_account {
            spec["serviceAccountName"] = json!(account);
        }
        let copied = [
            ("runtimeClassName", "/runtimeClassName"),
            ("securityContext", "/podSecurityContext"),
            ("nodeSelector", "/scheduling/nodeSelector"),
            ("tolerations", "/scheduling/tolerations"),
            ("affinity", "/scheduling/affinity"),
        ];
        for (field, pointer) in copied {
            if let Some(value) = tuning.pointer(pointer).filter(|value| !value.is_null()) {
                spec[field] = value.clone();
            }
        }
        if let Some(secrets) = resolved.rest.get("imagePullSecrets").filter(|value| !value.is_null()) {
            spec["imagePullSecrets"] = secrets.clone();
        }
        spec
    }
}

fn contexts(resolved: &Resolved) -> impl Iterator<Item = &Value> {
    resolved.rest.get("contexts").and_then(Value::as_array).into_iter().flatten()
}

/// A text without a path of its own, in the platform's form; `None` for any other context.
pub fn context_text(context: &Value) -> Option<String> {
    let text = context.get("text").and_then(Value::as_str)?;
    let has_path = context.get("mountPath").and_then(Value::as_str).is_some_and(|path| !path.is_empty());
    let is_text = context.get("type").and_then(Value::as_str) == Some("Text");
    (is_text && !has_path).then(|| format!("<context name=\"context\" type=\"Text\">\n{text}\n</context>\n"))
}

/// What a spec asks for and these controllers do not do, by the path of the field.
pub fn unsupported(resolved: &Resolved) -> Vec<String> {
    let fields = ["skills", "plugins", "caBundle", "proxy", "share"];
    let is_set = |value: &Value| !value.is_null() && value.as_array().is_none_or(|array| !array.is_empty());
    let set = fields.iter().filter(|field| resolved.rest.get(**field).is_some_and(is_set));
    let mut found: Vec<_> = set.map(|field| format!("spec.{field}")).collect();
    for (index, context) in contexts(resolved).enumerate() {
        if context_text(context).is_none() {
            let kind = context.get("type").and_then(Value::as_str).unwrap_or("untyped");
            found.push(format!("spec.contexts[{index}] ({kind})"));
        }
    }
    found
}

/// A container with the platform's defaults for pulling and for rights.
pub fn container(name: &str, image: &str, command: Option<Vec<String>>) -> Value {
    let latest = !image.contains('@')
        && image.rsplit('/').next().is_none_or(|last| !last.contains(':') || last.ends_with(":latest"));
    let mut container = json!({
        "name": name,
        "image": image,
        "imagePullPolicy": if latest { "Always" } else { "IfNotPresent" },
        // What a program says before it dies is then in the Pod's status, where whoever waits for it can read it.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    });
    if let Some(command) = command {
        container["command"] = json!(command);
    }
    container
}

/// The Agent's configuration, with the offline model under it where the Agent names neither a provider nor a model.
fn effective_config(own: Option<&Map<String, Value>>, offline: Option<&Value>) -> Option<Map<String, Value>> {
    let names_model = own.is_some_and(|own| own.contains_key("provider") || own.contains_key("model"));
    let offline = offline.and_then(Value::as_object).filter(|_| !names_model);
    match (own, offline) {
        (None, None) => None,
        (own, offline) => {
            let mut config = offline.cloned().unwrap_or_default();
            config.extend(own.cloned().unwrap_or_default());
            Some(config)
        }
    }
}

/// The labels of `podSpec.labels`, which may not replace `ours`: the selector hangs on them.
pub fn labels(resolved: &Resolved, ours: &[(&str, &str)]) -> Map<String, Value> {
    let mut labels = resolved.pod.get("labels").and_then(Value::as_object).cloned().unwrap_or_default();
    labels.extend(ours.iter().map(|(key, value)| ((*key).to_owned(), json!(value))));
    labels
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "objects are written where they are used")]
mod tests {
    use super::*;

    fn resolved(value: Value) -> Resolved {
        let agent = serde_json::from_value(json!({"metadata": {"name": "a"}, "spec": value})).unwrap();
        super::super::agent::resolve::resolve(&agent, None).unwrap()
    }

    fn offline() -> AgentRuntime {
        AgentRuntime::host("/opt/opencode", Some(json!({"model": "offline/offline", "provider": {"offline": {}}})))
    }

    #[test]
    fn the_offline_model_fills_in_only_where_the_agent_names_none() {
        let file = |spec: Value| {
            let parts = PodParts::new(&resolved(spec), &offline(), "cm").unwrap();
            serde_json::from_str::<Value>(parts.files[CONFIG_KEY].as_str().unwrap()).unwrap()
        };
        assert_eq!(file(json!({}))["model"], "offline/offline");
        assert_eq!(file(json!({"config": {"share": "disabled"}}))["provider"]["offline"], json!({}));
        let own = file(json!({"config": {"model": "anthropic/x"}}));
        assert_eq!(own, json!({"model": "anthropic/x"}));
    }

    #[test]
    fn nothing_to_configure_mounts_nothing() {
        let parts = PodParts::new(&resolved(json!({})), &AgentRuntime::cluster(), "cm").unwrap();
        assert!(parts.files.is_empty() && !parts.sets("OPENCODE_CONFIG") && parts.sets("OPENCODE_PERMISSION"));
        assert_eq!(parts.init[0]["name"], "opencode-init");
        let asks = resolved(json!({"config": {"permission": {"bash": "ask"}}}));
        let parts = PodParts::new(&asks, &AgentRuntime::cluster(), "cm").unwrap();
        assert!(!parts.sets("OPENCODE_PERMISSION") && parts.sets("OPENCODE_CONFIG"));
    }

    #[test]
    fn credentials_become_variables_files_and_whole_secrets() {
        let spec = json!({"credentials": [
            {"name": "all", "secretRef": {"name": "s1"}},
            {"name": "var", "secretRef": {"name": "s2", "key": "k"}, "env": "TOKEN"},
            {"name": "file", "secretRef": {"name": "s3", "key": "id"}, "mountPath": "/keys/id", "fileMode": 256},
            {"name": "dir", "secretRef": {"name": "s4"}, "mountPath": "/dir"},
        ]});
        let parts = PodParts::new(&resolved(spec), &AgentRuntime::cluster(), "cm").unwrap();
        assert_eq!(parts.env_from, [json!({"secretRef": {"name": "s1"}})]);
        let token = parts.env.iter().find(|variable| variable["name"] == "TOKEN").unwrap();
        assert_eq!(token["valueFrom"]["secretKeyRef"], json!({"name": "s2", "key": "k"}));
        let file = parts.mounts.iter().find(|mount| mount["mountPath"] == "/keys/id").unwrap();
        assert_eq!(file["subPath"], "id");
        assert!(parts.volumes.iter().any(|volume| volume["secret"]["secretName"] == "s4"));
        for bad in [
            json!({"name": "x"}),
            json!({"secretRef": {"name": "s", "key": "k"}}),
            json!({"secretRef": {"name": "s"}, "env": "E"}),
        ] {
            let spec = json!({"credentials": [bad]});
            assert!(matches!(
                PodParts::new(&resolved(spec), &AgentRuntime::cluster(), "cm"),
                Err(Problem::Incomplete(_))
            ));
        }
    }

    #[test]
    fn texts_are_given_to_the_model_and_what_is_not_done_is_told() {
        let spec = json!({"skills": [{"name": "s"}], "plugins": [], "contexts": [
            {"name": "a", "type": "Text", "text": "be kind"},
            {"name": "b", "type": "Git", "mountPath": "src", "git": {"repository": "https://x"}},
            {"name": "c", "type": "Text", "text": "x", "mountPath": "c.md"}]});
        let resolved = resolved(spec);
        let parts = PodParts::new(&resolved, &AgentRuntime::cluster(), "cm").unwrap();
        assert!(parts.files[CONTEXT_KEY].as_str().unwrap().contains("be kind"));
        assert!(parts.sets("OPENCODE_CONFIG_CONTENT"));
        let told = unsupported(&resolved);
        assert_eq!(told, ["spec.skills", "spec.contexts[1] (Git)", "spec.contexts[2] (Text)"]);
    }

    #[test]
    fn pod_tuning_is_carried_over_and_labels_cannot_break_the_selector() {
        let spec = json!({"serviceAccountName": "sa", "imagePullSecrets": [{"name": "pull"}], "podSpec": {
            "labels": {"team": "x", "kubeopencode.io/agent": "evil"}, "runtimeClassName": "kata",
            "scheduling": {"nodeSelector": {"disk": "ssd"}}, "resources": {"limits": {"memory": "2Gi"}},
            "extraEnv": [{"name": "LAST", "value": "1"}]}});
        let resolved = resolved(spec);
        let parts = PodParts::new(&resolved, &AgentRuntime::cluster(), "cm").unwrap();
        assert_eq!(parts.env.last().unwrap()["name"], "LAST");
        let pod = parts.pod_spec(container("c", "img:1", None), &resolved, "Always");
        assert_eq!(pod["containers"][0]["resources"]["limits"]["memory"], "2Gi");
        assert_eq!(pod["containers"][0]["imagePullPolicy"], "IfNotPresent");
        assert_eq!((&pod["runtimeClassName"], &pod["nodeSelector"]["disk"]), (&json!("kata"), &json!("ssd")));
        assert_eq!(pod["imagePullSecrets"][0]["name"], "pull");
        serde_json::from_value::<k8s_openapi::api::core::v1::PodSpec>(pod).unwrap();
        let labels = labels(&resolved, &[("kubeopencode.io/agent", "a")]);
        assert_eq!((&labels["team"], &labels["kubeopencode.io/agent"]), (&json!("x"), &json!("a")));
    }

    #[test]
    fn images_are_pulled_again_only_where_their_tag_moves() {
        for (image, policy) in [
            ("x", "Always"),
            ("reg:5000/x", "Always"),
            ("x:latest", "Always"),
            ("reg:5000/x:v1", "IfNotPresent"),
            ("x@sha256:00", "IfNotPresent"),
        ] {
            assert_eq!(container("c", image, None)["imagePullPolicy"], policy, "{image}");
        }
    }
}
