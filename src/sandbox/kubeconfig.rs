//! The sandbox's kubeconfig, and its context in the user's own.
//!
//! A kubeconfig is merged as kubectl does it: entries of our name in `clusters`, `users` and `contexts` are put in or
//! replaced, everything else stays as it was (its comments are lost, as with `kubectl config`). The file is locked by
//! `FILE.lock` while it is written (client-go's `clientcmd.lockFile`), and replaced in one step.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::state::{StateFolder, replace};
use crate::error::{Code, Error, Result};

/// How to reach a sandbox, and as whom.
#[derive(Clone, Debug)]
pub struct Access {
    /// Name of the context, of its cluster and of its user.
    pub name: String,
    /// Address of the API server.
    pub server: String,
    /// The authority's certificate, in PEM.
    pub authority_pem: String,
    /// The bearer token.
    pub token: String,
}

impl Access {
    /// How to reach the sandbox of this folder, which was started before.
    pub fn of(folder: &StateFolder) -> Result<Self> {
        let text = |name: &str| -> Result<String> {
            let bytes = folder.read(name)?.and_then(|bytes| String::from_utf8(bytes).ok());
            bytes.ok_or_else(|| Error::internal(format!("{} is missing", folder.file(name).display())))
        };
        Ok(Self {
            name: folder.context(),
            server: format!("https://127.0.0.1:{}", folder.settings()?.port),
            authority_pem: text("ca.crt")?,
            token: text("token")?,
        })
    }

    fn entries(&self) -> [(&'static str, Value); 3] {
        let authority = STANDARD.encode(&self.authority_pem);
        [
            (
                "clusters",
                json!({"name": self.name, "cluster": {"certificate-authority-data": authority, "server": self.server}}),
            ),
            ("users", json!({"name": self.name, "user": {"token": self.token}})),
            (
                "contexts",
                json!({"name": self.name, "context": {"cluster": self.name, "namespace": "default", "user": self.name}}),
            ),
        ]
    }

    /// A kubeconfig that holds this access and nothing else, as YAML.
    pub fn kubeconfig(&self) -> Result<String> {
        let mut config = empty();
        self.put_into(&mut config)?;
        config.insert("current-context".into(), self.name.clone().into());
        yaml(config)
    }

    fn put_into(&self, config: &mut Map<String, Value>) -> Result<()> {
        for (list, entry) in self.entries() {
            let entries = entries(config, list)?;
            match entries.iter_mut().find(|old| old["name"] == self.name.as_str()) {
                Some(old) => *old = entry,
                None => entries.push(entry),
            }
        }
        Ok(())
    }

    /// Brings the kubeconfig at `path` up to date if it has this context; whether it had to.
    pub fn refresh(&self, path: &Path) -> Result<bool> {
        let is_of_ours = |entry: &Value| entry["name"] == self.name.as_str();
        let config = read(path)?;
        let found = |list: &str| config.get(list).and_then(Value::as_array)?.iter().find(|entry| is_of_ours(entry));
        let current = self.entries().iter().all(|(list, entry)| found(list) == Some(entry));
        if current || found("contexts").is_none() {
            return Ok(false);
        }
        edit(path, |config| self.put_into(config).map(|()| true))
    }

    /// Puts the access into the kubeconfig at `path` and makes it the current context; answers the one that was current.
    pub fn add_to(&self, path: &Path) -> Result<Option<String>> {
        edit(path, |config| {
            self.put_into(config)?;
            let previous = config.insert("current-context".into(), self.name.clone().into());
            Ok(previous.and_then(|name| name.as_str().map(str::to_owned)).filter(|name| !name.is_empty()))
        })
    }
}

/// The `current-context` of the kubeconfig at `path`.
pub fn current_context(path: &Path) -> Result<Option<String>> {
    Ok(read(path)?.get("current-context").and_then(Value::as_str).map(str::to_owned))
}

/// Takes what is named `name` out of the kubeconfig at `path`; if it is current, `previous` becomes current again where
/// it still exists. Answers whether there was anything to take out.
pub fn remove_from(path: &Path, name: &str, previous: Option<&str>) -> Result<bool> {
    if !path.exists() {
        return Ok(false);
    }
    let found = ["clusters", "users", "contexts"];
    let config = read(path)?;
    let is_there = |list: &str| {
        config.get(list).and_then(Value::as_array).is_some_and(|list| list.iter().any(|entry| entry["name"] == name))
    };
    if !found.iter().any(|list| is_there(list)) {
        return Ok(false);
    }
    edit(path, |config| {
        for list in found {
            entries(config, list)?.retain(|entry| entry["name"] != name);
        }
        if config.get("current-context").is_some_and(|current| current == name) {
            let contexts = entries(config, "contexts")?;
            let previous = previous.filter(|previous| contexts.iter().any(|context| context["name"] == *previous));
            config.insert("current-context".into(), previous.unwrap_or_default().into());
        }
        Ok(true)
    })
}

/// The kubeconfig that kubectl would write to: the first existing file of `$KUBECONFIG`, else the last one named there,
/// else `~/.kube/config`.
pub fn of_user() -> Result<PathBuf> {
    if let Some(list) = std::env::var_os("KUBECONFIG").filter(|list| !list.is_empty()) {
        let files: Vec<_> = std::env::split_paths(&list).filter(|file| !file.as_os_str().is_empty()).collect();
        let existing = files.iter().find(|file| file.exists());
        if let Some(file) = existing.or(files.last()) {
            return Ok(file.clone());
        }
    }
    let home = etcetera::home_dir().map_err(|error| {
        Error::new(Code::InvalidConfiguration, "cannot find the home directory").caused_by(&error).hint("set HOME")
    })?;
    Ok(home.join(".kube/config"))
}

fn empty() -> Map<String, Value> {
    let mut config = Map::new();
    config.insert("apiVersion".into(), "v1".into());
    config.insert("kind".into(), "Config".into());
    config
}

fn entries<'a>(config: &'a mut Map<String, Value>, list: &str) -> Result<&'a mut Vec<Value>> {
    let entry = config.entry(list).or_insert(Value::Null);
    if entry.is_null() {
        *entry = Value::Array(Vec::new());
    }
    entry.as_array_mut().ok_or_else(|| {
        Error::new(Code::InvalidConfiguration, format!("the kubeconfig's {list} is not a list")).hint("mend it by hand")
    })
}

fn yaml(config: Map<String, Value>) -> Result<String> {
    serde_saphyr::to_string(&Value::Object(config))
        .map_err(|error| Error::internal("cannot write the kubeconfig as YAML").caused_by(&error))
}

fn read(path: &Path) -> Result<Map<String, Value>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(empty()),
        Err(error) => return Err(cannot("read", path, &error)),
    };
    if text.trim().is_empty() {
        return Ok(empty());
    }
    match serde_saphyr::from_str(&text) {
        Ok(Value::Object(config)) => Ok(config),
        Ok(_) => Err(Error::new(Code::InvalidConfiguration, format!("{} is not a kubeconfig", path.display()))
            .hint("mend it by hand, or name another one in KUBECONFIG")),
        // The parser quotes lines of the file, and a kubeconfig holds secrets.
        Err(_) => Err(Error::new(Code::InvalidConfiguration, format!("{} is not YAML", path.display()))
            .hint("`kubectl config view` says where; it was left as it is")),
    }
}

/// Changes the kubeconfig at `path` under its lock.
fn edit<T>(path: &Path, change: impl FnOnce(&mut Map<String, Value>) -> Result<T>) -> Result<T> {
    // A link stays a link: what it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| cannot("create", folder, &error))?;
    }
    let _lock = FileLock::take(&path)?;
    let mut config = read(&path)?;
    let result = change(&mut config)?;
    let mode = fs::metadata(&path).map_or(0o600, |metadata| metadata.permissions().mode() & 0o777);
    replace(&path, yaml(config)?.as_bytes(), mode).map_err(|error| cannot("write", &path, &error))?;
    Ok(result)
}

/// client-go's lock of a kubeconfig: an empty file beside it that must not exist before.
struct FileLock(PathBuf);

impl FileLock {
    fn take(path: &Path) -> Result<Self> {
        let mut name = path.file_name().unwrap_or(OsStr::new("config")).to_owned();
        name.push(".lock");
        let lock = path.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock) {
            Ok(_) => Ok(Self(lock)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Error::new(Code::Conflict, format!("another program is writing {}", path.display()))
                    .hint(format!("try again; if no program does, remove {}", lock.display())))
            }
            Err(error) => Err(cannot("create", &lock, &error)),
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // A lock that stays is told to whoever comes next.
        let _ = fs::remove_file(&self.0);
    }
}

fn cannot(verb: &str, path: &Path, error: &io::Error) -> Error {
    Error::new(Code::InvalidConfiguration, format!("cannot {verb} {}", path.display()))
        .caused_by(error)
        .hint("name another kubeconfig in KUBECONFIG")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> Access {
        Access {
            name: "opencode-sandbox".into(),
            server: "https://127.0.0.1:6000".into(),
            authority_pem: "PEM".into(),
            token: "t0ken".into(),
        }
    }

    const OTHERS: &str = "apiVersion: v1
kind: Config
preferences: {colors: true}
current-context: work
clusters:
- name: work
  cluster: {server: 'https://work:6443', extensions: [{name: x, extension: {a: 'yes'}}]}
- name: opencode-sandbox
  cluster: {server: 'https://127.0.0.1:1'}
contexts:
- name: work
  context: {cluster: work, user: me, namespace: '0123'}
users:
- name: me
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: login, args: ['on']}}
";

    fn value(path: &Path) -> Value {
        serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn our_own_is_one_that_kube_reads() {
        let text = access().kubeconfig().unwrap();
        let config = kube::config::Kubeconfig::from_yaml(&text).unwrap();
        assert_eq!(config.current_context.as_deref(), Some("opencode-sandbox"));
        assert_eq!(config.clusters[0].cluster.as_ref().unwrap().server.as_deref(), Some("https://127.0.0.1:6000"));
        assert_eq!(config.contexts[0].context.as_ref().unwrap().namespace.as_deref(), Some("default"));
    }

    #[test]
    fn adding_and_removing_leaves_the_rest_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        fs::write(&path, OTHERS).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let before = value(&path);
        assert_eq!(access().add_to(&link).unwrap().as_deref(), Some("work"));
        let added = value(&path);
        assert_eq!(added["current-context"], "opencode-sandbox");
        assert_eq!(added["clusters"].as_array().unwrap().len(), 2);
        assert_eq!(added["clusters"][1]["cluster"]["server"], "https://127.0.0.1:6000");
        assert_eq!(added["clusters"][0], before["clusters"][0]);
        assert_eq!(added["users"][0], before["users"][0]);
        assert_eq!(added["preferences"], before["preferences"]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        assert!(remove_from(&link, "opencode-sandbox", Some("work")).unwrap());
        let removed = value(&path);
        assert_eq!(removed["current-context"], "work");
        assert_eq!(removed["clusters"], json!([before["clusters"][0]]));
        assert_eq!(removed["users"], before["users"]);
        assert!(!remove_from(&link, "opencode-sandbox", None).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_context_that_is_there_follows_the_sandbox_and_no_other_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        assert!(!access().refresh(&path).unwrap() && !path.exists());
        access().add_to(&path).unwrap();
        assert!(!access().refresh(&path).unwrap());
        let moved = Access { server: "https://127.0.0.1:7000".into(), ..access() };
        assert!(moved.refresh(&path).unwrap());
        assert_eq!(value(&path)["clusters"][0]["cluster"]["server"], "https://127.0.0.1:7000");
        let other = Access { name: "opencode-sandbox-other".into(), ..access() };
        assert!(!other.refresh(&path).unwrap());
    }

    #[test]
    fn a_context_that_is_gone_does_not_become_current() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/config");
        assert_eq!(access().add_to(&path).unwrap(), None);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        remove_from(&path, "opencode-sandbox", Some("gone")).unwrap();
        assert_eq!(value(&path)["current-context"], "");
    }

    #[test]
    fn what_cannot_be_read_or_is_locked_stays_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        for text in ["a: [", "- 1", "clusters: {}"] {
            fs::write(&path, text).unwrap();
            let error = access().add_to(&path).unwrap_err();
            assert_eq!(error.code, Code::InvalidConfiguration, "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        fs::write(&path, OTHERS).unwrap();
        fs::write(folder.path().join("config.lock"), "").unwrap();
        assert_eq!(access().add_to(&path).unwrap_err().code, Code::Conflict);
        assert_eq!(fs::read_to_string(&path).unwrap(), OTHERS);
    }
}
