//! The environment of a container: values, references, and `$(NAME)` in values, commands and arguments.
//!
//! Source: the kubelet's `makeEnvironmentVariables` (`pkg/kubelet/kubelet_pods.go`) and the expansion rules of
//! `k8s.io/kubernetes/third_party/forked/golang/expansion`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use k8s_openapi::api::authentication::v1::{BoundObjectReference, TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::{
    ConfigMap, Container, EnvVarSource, PersistentVolumeClaim, Pod, Secret, ServiceAccount,
};
use kube::api::PostParams;
use kube::{Api, Client};

use super::resources;

/// Reads the objects that a Pod's environment and volumes refer to.
#[derive(Clone)]
pub struct References {
    client: Client,
    namespace: String,
    account: String,
    pod: BoundObjectReference,
}

/// Content of a Secret or `ConfigMap`, by key.
pub type Entries = BTreeMap<String, Vec<u8>>;

impl References {
    /// Reads for `pod` with `client`.
    pub fn new(client: Client, pod: &Pod) -> Self {
        let account = pod.spec.as_ref().and_then(|spec| spec.service_account_name.clone());
        Self {
            client,
            namespace: pod.metadata.namespace.clone().unwrap_or_default(),
            account: account.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned()),
            pod: BoundObjectReference {
                api_version: Some("v1".to_owned()),
                kind: Some("Pod".to_owned()),
                name: pod.metadata.name.clone(),
                uid: pod.metadata.uid.clone(),
            },
        }
    }

    /// A token of the Pod's service account, valid for that many seconds. The error is the kubelet's text.
    pub async fn token(&self, audience: Option<&str>, seconds: i64) -> Result<String, String> {
        let request = TokenRequest {
            spec: TokenRequestSpec {
                audiences: audience.map(str::to_owned).into_iter().collect(),
                bound_object_ref: Some(self.pod.clone()),
                expiration_seconds: Some(seconds),
            },
            ..TokenRequest::default()
        };
        let accounts = Api::<ServiceAccount>::namespaced(self.client.clone(), &self.namespace);
        let made = accounts.create_token_request(&self.account, &PostParams::default(), &request).await;
        let made = made.map_err(|error| {
            format!(
                "failed to fetch token: serviceaccounts {:?}: {error}",
                format!("{}/{}", self.namespace, self.account)
            )
        })?;
        Ok(made.status.map(|status| status.token).unwrap_or_default())
    }

    /// Content of a Secret; `None` when there is none. The error is the kubelet's text.
    pub async fn secret(&self, name: &str) -> Result<Option<Entries>, String> {
        let found = Api::<Secret>::namespaced(self.client.clone(), &self.namespace).get_opt(name).await;
        let secret = found.map_err(|error| format!("failed to fetch secret {name:?}: {error}"))?;
        Ok(secret
            .map(|secret| secret.data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.0)).collect()))
    }

    /// Name of the volume behind a claim, of which the claim's folder is named. The error is the scheduler's text.
    pub async fn claim(&self, name: &str) -> Result<String, String> {
        let found = Api::<PersistentVolumeClaim>::namespaced(self.client.clone(), &self.namespace).get_opt(name).await;
        let claim = found.map_err(|error| format!("failed to fetch persistentvolumeclaim {name:?}: {error}"))?;
        let uid = claim.ok_or_else(|| format!("persistentvolumeclaim {name:?} not found"))?.metadata.uid;
        Ok(claim_folder(&uid.unwrap_or_default()))
    }

    /// Content of a `ConfigMap`; `None` when there is none. The error is the kubelet's text.
    pub async fn config_map(&self, name: &str) -> Result<Option<Entries>, String> {
        let found = Api::<ConfigMap>::namespaced(self.client.clone(), &self.namespace).get_opt(name).await;
        let map = found.map_err(|error| format!("failed to fetch configmap {name:?}: {error}"))?;
        Ok(map.map(|map| {
            let text = map.data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.into_bytes()));
            let binary = map.binary_data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.0));
            text.chain(binary).collect()
        }))
    }
}

/// Name of the folder of the claim with this UID: a claim that is made again under its name starts empty.
pub fn claim_folder(uid: &str) -> String {
    format!("pvc-{uid}")
}

/// What a container's environment is made of besides its own spec.
pub struct Surroundings<'a> {
    /// The Pod.
    pub pod: &'a Pod,
    /// Its address.
    pub address: Ipv4Addr,
    /// Name of the node.
    pub node: &'a str,
    /// Variables that the spec may override.
    pub base: &'a BTreeMap<String, String>,
}

/// The variables of `container`. The error is the kubelet's text for `CreateContainerConfigError`.
pub async fn resolve(
    container: &Container,
    surroundings: &Surroundings<'_>,
    references: &References,
) -> Result<BTreeMap<String, String>, String> {
    let mut variables = surroundings.base.clone();
    for source in container.env_from.iter().flatten() {
        let prefix = source.prefix.as_deref().unwrap_or_default();
        let entries = if let Some(map) = &source.config_map_ref {
            let found = references.config_map(&map.name).await?;
            required(found, map.optional, || format!("configmap {:?} not found", map.name))?
        } else if let Some(secret) = &source.secret_ref {
            let found = references.secret(&secret.name).await?;
            required(found, secret.optional, || format!("secret {:?} not found", secret.name))?
        } else {
            continue;
        };
        for (key, value) in entries {
            variables.insert(format!("{prefix}{key}"), String::from_utf8_lossy(&value).into_owned());
        }
    }
    for variable in container.env.iter().flatten() {
        let value = match (&variable.value, &variable.value_from) {
            (Some(value), _) => Some(expand(value, &variables)),
            (None, Some(source)) => reference(source, container, surroundings, references).await?,
            (None, None) => Some(String::new()),
        };
        if let Some(value) = value {
            variables.insert(variable.name.clone(), value);
        }
    }
    Ok(variables)
}

fn required(found: Option<Entries>, optional: Option<bool>, missing: impl Fn() -> String) -> Result<Entries, String> {
    match found {
        Some(entries) => Ok(entries),
        None if optional == Some(true) => Ok(Entries::new()),
        None => Err(missing()),
    }
}

async fn reference(
    source: &EnvVarSource,
    container: &Container,
    surroundings: &Surroundings<'_>,
    references: &References,
) -> Result<Option<String>, String> {
    let namespace = surroundings.pod.metadata.namespace.as_deref().unwrap_or_default();
    let (kind, name, key, optional, found) = if let Some(field) = &source.field_ref {
        return field_value(&field.field_path, surroundings).map(Some);
    } else if let Some(field) = &source.resource_field_ref {
        return resources::value(field, Some(container), surroundings.pod).map(Some);
    } else if let Some(secret) = &source.secret_key_ref {
        ("Secret", &secret.name, &secret.key, secret.optional, references.secret(&secret.name).await?)
    } else if let Some(map) = &source.config_map_key_ref {
        ("ConfigMap", &map.name, &map.key, map.optional, references.config_map(&map.name).await?)
    } else {
        return Ok(None);
    };
    let optional = optional == Some(true);
    match found {
        None if optional => Ok(None),
        None => Err(format!("{} {name:?} not found", kind.to_lowercase())),
        Some(mut entries) => match entries.remove(key) {
            Some(value) => Ok(Some(String::from_utf8_lossy(&value).into_owned())),
            None if optional => Ok(None),
            None => Err(format!("couldn't find key {key} in {kind} {namespace}/{name}")),
        },
    }
}

/// The value of a downward API field.
pub fn field_value(path: &str, surroundings: &Surroundings<'_>) -> Result<String, String> {
    let metadata = &surroundings.pod.metadata;
    let spec = surroundings.pod.spec.as_ref();
    let keyed = |map: &Option<BTreeMap<String, String>>, key: &str| {
        map.as_ref().and_then(|map| map.get(key)).cloned().unwrap_or_default()
    };
    if let Some(key) = path.strip_prefix("metadata.labels['").and_then(|rest| rest.strip_suffix("']")) {
        return Ok(keyed(&metadata.labels, key));
    }
    if let Some(key) = path.strip_prefix("metadata.annotations['").and_then(|rest| rest.strip_suffix("']")) {
        return Ok(keyed(&metadata.annotations, key));
    }
    Ok(match path {
        "metadata.name" => metadata.name.clone().unwrap_or_default(),
        "metadata.namespace" => metadata.namespace.clone().unwrap_or_default(),
        "metadata.uid" => metadata.uid.clone().unwrap_or_default(),
        "spec.nodeName" => surroundings.node.to_owned(),
        "spec.serviceAccountName" => spec.and_then(|spec| spec.service_account_name.clone()).unwrap_or_default(),
        "status.podIP" | "status.podIPs" => surroundings.address.to_string(),
        "status.hostIP" | "status.hostIPs" => "127.0.0.1".to_owned(),
        other => return Err(format!("unsupported fieldPath: {other}")),
    })
}

/// Replaces `$(NAME)` by the variable, leaves it where there is none, and turns `$$` into `$`.
pub fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if let Some((name, tail)) = after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match variables.get(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(&rest[at..=at + name.len() + 2]),
            }
            rest = tail;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_expand_as_the_kubelet_expands_them() {
        let variables = BTreeMap::from([("A".to_owned(), "one".to_owned()), ("EMPTY".to_owned(), String::new())]);
        for (text, expected) in [
            ("$(A)", "one"),
            ("x$(A)y$(A)", "xoneyone"),
            ("$$(A)", "$(A)"),
            ("$$$(A)", "$one"),
            ("$(B)", "$(B)"),
            ("$(EMPTY)", ""),
            ("$(A", "$(A"),
            ("$A ${A} $", "$A ${A} $"),
        ] {
            assert_eq!(expand(text, &variables), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_without_a_dollar_is_unchanged(text in "[^$]*") {
            prop_assert_eq!(expand(&text, &BTreeMap::new()), text);
        }

        #[test]
        fn expansion_never_panics(text in "[$()A-C]{0,20}") {
            expand(&text, &BTreeMap::from([("A".to_owned(), "$(B)".to_owned())]));
        }
    }
}
