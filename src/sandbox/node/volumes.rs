//! Volumes as folders of the host, and mount paths rewritten to them.
//!
//! A Pod here has no filesystem of its own. Each volume becomes a folder (where: [`super::places`]), and a mount
//! path is replaced by it wherever it stands, at path boundaries, in commands, arguments, values and working directories.
//! Files are written beside and renamed, so that a program sees the old one or the new one.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use k8s_openapi::api::core::v1::{
    Container, DownwardAPIVolumeFile, HostPathVolumeSource, KeyToPath, Pod, ServiceAccountTokenProjection, Volume,
};
use tokio::fs;

use super::environment::{Entries, References, Surroundings, expand, field_value};
use super::{entries, resources};
use crate::sandbox::state::remove_tree;

/// How long a service account token is valid unless it says otherwise, in seconds.
const TOKEN_SECONDS: i64 = 3600;
/// The mode of files unless a volume says otherwise.
const MODE: u32 = 0o644;

/// Where the volumes of Pods live.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Folder of the Pod.
    pub pod: PathBuf,
    /// Folder of its volumes.
    pub volumes: PathBuf,
    /// Folder of all volume claims.
    pub claims: PathBuf,
}

impl Folders {
    /// Folder of one volume of the Pod.
    fn volume(&self, name: &str) -> PathBuf {
        self.volumes.join(name)
    }
}

/// Prepares every volume of `pod` and returns each with its folder. The error is the kubelet's text for `FailedMount`.
pub async fn prepare(
    surroundings: &Surroundings<'_>,
    folders: &Folders,
    references: &References,
) -> Result<Vec<(String, PathBuf)>, String> {
    let pod: &Pod = surroundings.pod;
    let mut prepared = Vec::new();
    for volume in pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
        let failed = |cause: String| format!("MountVolume.SetUp failed for volume {:?} : {cause}", volume.name);
        let folder = folders.volume(&volume.name);
        let folder = if let Some(claim) = &volume.persistent_volume_claim {
            let folder = folders.claims.join(references.claim(&claim.claim_name).await?);
            create(&folder).await.map_err(|error| failed(error.to_string()))?;
            folder
        } else if let Some(host) = &volume.host_path {
            host_path(host).await.map_err(failed)?
        } else {
            create(&folder).await.map_err(|error| failed(error.to_string()))?;
            fill(volume, &folder, surroundings, references).await.map_err(failed)?;
            folder
        };
        prepared.push((volume.name.clone(), folder));
    }
    Ok(prepared)
}

/// Checks what a `hostPath` says about itself, and creates it where it says so (`pkg/volume/hostpath/host_path.go`).
async fn host_path(host: &HostPathVolumeSource) -> Result<PathBuf, String> {
    let path = Path::new(&host.path);
    let kind = host.type_.as_deref().unwrap_or_default();
    if !fs::try_exists(path).await.unwrap_or(false) {
        let created = match kind {
            "DirectoryOrCreate" => fs::create_dir_all(path).await,
            "FileOrCreate" => fs::write(path, "").await,
            _ => Ok(()),
        };
        created.map_err(|error| error.to_string())?;
    }
    let found = fs::metadata(path).await.ok().map(|metadata| metadata.file_type());
    let (holds, what) = match kind {
        "Directory" | "DirectoryOrCreate" => (found.is_some_and(|kind| kind.is_dir()), "a directory"),
        "File" | "FileOrCreate" => (found.is_some_and(|kind| kind.is_file()), "a file"),
        "Socket" => (found.is_some_and(|kind| kind.is_socket()), "a socket file"),
        "CharDevice" => (found.is_some_and(|kind| kind.is_char_device()), "a character device"),
        "BlockDevice" => (found.is_some_and(|kind| kind.is_block_device()), "a block device"),
        _ => (true, ""),
    };
    if holds { Ok(path.to_owned()) } else { Err(format!("hostPath type check failed: {} is not {what}", host.path)) }
}

/// Removes a folder, as far as there is one.
pub async fn remove(folder: PathBuf) -> io::Result<()> {
    let removed = tokio::task::spawn_blocking(move || remove_tree(&folder)).await.map_err(io::Error::other)?;
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes a folder that is its user's alone.
pub async fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).await
}

/// Writes the files of a volume made from objects, and removes those that none of them has any more; an empty folder needs
/// nothing.
async fn fill(
    volume: &Volume,
    folder: &Path,
    surroundings: &Surroundings<'_>,
    references: &References,
) -> Result<(), String> {
    if !is_made_from_objects(volume) {
        return Ok(());
    }
    let mut files = Files::default();
    if let Some(map) = &volume.config_map {
        let found = found(references.config_map(&map.name).await?, map.optional, "configmap", &map.name)?;
        files.add(found, map.items.as_deref(), map.default_mode)?;
    }
    if let Some(secret) = &volume.secret {
        let name = secret.secret_name.as_deref().unwrap_or_default();
        let found = found(references.secret(name).await?, secret.optional, "secret", name)?;
        files.add(found, secret.items.as_deref(), secret.default_mode)?;
    }
    if let Some(downward) = &volume.downward_api {
        files.add(downward_entries(downward.items.as_deref(), surroundings)?, None, downward.default_mode)?;
    }
    for source in volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten()) {
        let mode = volume.projected.as_ref().and_then(|projected| projected.default_mode);
        if let Some(map) = &source.config_map {
            let found = found(references.config_map(&map.name).await?, map.optional, "configmap", &map.name)?;
            files.add(found, map.items.as_deref(), mode)?;
        }
        if let Some(secret) = &source.secret {
            let found = found(references.secret(&secret.name).await?, secret.optional, "secret", &secret.name)?;
            files.add(found, secret.items.as_deref(), mode)?;
        }
        if let Some(downward) = &source.downward_api {
            files.add(downward_entries(downward.items.as_deref(), surroundings)?, None, mode)?;
        }
        if let Some(token) = &source.service_account_token {
            let content = if let Some(content) = still_good(&folder.join(&token.path), token).await {
                content
            } else {
                let seconds = token.expiration_seconds.unwrap_or(TOKEN_SECONDS);
                references.token(token.audience.as_deref(), seconds).await?.into_bytes()
            };
            files.add(Entries::from([(token.path.clone(), content)]), None, mode)?;
        }
    }
    files.write(folder).await.map_err(|error| error.to_string())
}

fn is_made_from_objects(volume: &Volume) -> bool {
    volume.config_map.is_some()
        || volume.secret.is_some()
        || volume.downward_api.is_some()
        || volume.projected.is_some()
}

/// Whether what the Pod's volumes hold may change while it runs.
pub fn change(pod: &Pod) -> bool {
    pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()).any(is_made_from_objects)
}

/// Brings the Pod's volumes up to date. The error is the kubelet's text for `FailedMount`, of the first that fails.
pub async fn sync(surroundings: &Surroundings<'_>, folders: &Folders, references: &References) -> Result<(), String> {
    let mut synced = Ok(());
    for volume in surroundings.pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
        let filled = fill(volume, &folders.volume(&volume.name), surroundings, references).await;
        let failed = |cause| format!("MountVolume.SetUp failed for volume {:?} : {cause}", volume.name);
        synced = synced.and(filled.map_err(failed));
    }
    synced
}

fn downward_entries(
    items: Option<&[DownwardAPIVolumeFile]>,
    surroundings: &Surroundings<'_>,
) -> Result<Entries, String> {
    let mut entries = Entries::new();
    for item in items.into_iter().flatten() {
        let value = match (&item.field_ref, &item.resource_field_ref) {
            (Some(field), _) => field_value(&field.field_path, surroundings)?,
            (None, Some(field)) => resources::value(field, None, surroundings.pod)?,
            (None, None) => continue,
        };
        entries.insert(item.path.clone(), value.into_bytes());
    }
    Ok(entries)
}

/// A token that was written, until a fifth of its life is left or it is a day old (`pkg/kubelet/token/token_manager.go`).
async fn still_good(file: &Path, token: &ServiceAccountTokenProjection) -> Option<Vec<u8>> {
    let life = u64::try_from(token.expiration_seconds.unwrap_or(TOKEN_SECONDS)).unwrap_or(0);
    let old = Duration::from_secs(life / 5 * 4).min(Duration::from_secs(24 * 60 * 60));
    let written = fs::metadata(file).await.and_then(|metadata| metadata.modified()).ok()?;
    let age = SystemTime::now().duration_since(written).ok()?;
    if age < old { fs::read(file).await.ok() } else { None }
}

fn found(found: Option<Entries>, optional: Option<bool>, kind: &str, name: &str) -> Result<Entries, String> {
    match found {
        Some(entries) => Ok(entries),
        None if optional == Some(true) => Ok(Entries::new()),
        None => Err(format!("{kind} {name:?} not found")),
    }
}

/// The files of one volume: by path, content and mode.
#[derive(Default)]
struct Files(BTreeMap<String, (Vec<u8>, u32)>);

impl Files {
    /// Adds what `items` name of the entries, or all of them.
    fn add(&mut self, mut entries: Entries, items: Option<&[KeyToPath]>, mode: Option<i32>) -> Result<(), String> {
        let mode = mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(MODE);
        let Some(items) = items else {
            for (path, content) in entries {
                // A key is checked by the API server, a path is not: it must stay in the volume.
                stays_inside(&path)?;
                self.0.insert(path, (content, mode));
            }
            return Ok(());
        };
        for item in items {
            stays_inside(&item.path)?;
            let content =
                entries.remove(&item.key).ok_or_else(|| format!("references non-existent key: {}", item.key))?;
            let mode = item.mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(mode);
            self.0.insert(item.path.clone(), (content, mode));
        }
        Ok(())
    }

    /// Writes what is not there yet, and removes what else there is.
    async fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, (content, mode)) in &self.0 {
            let file = folder.join(path);
            if fs::read(&file).await.is_ok_and(|there| there == *content) {
                continue;
            }
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent).await?;
            }
            let mut beside = file.clone().into_os_string();
            beside.push(".new");
            fs::write(&beside, content).await?;
            fs::set_permissions(&beside, std::fs::Permissions::from_mode(*mode)).await?;
            fs::rename(&beside, &file).await?;
        }
        for entry in entries(folder).await? {
            let name = entry.file_name().unwrap_or_default();
            if !self.0.keys().any(|path| Path::new(path).starts_with(name)) {
                remove_any(entry).await?;
            }
        }
        Ok(())
    }
}

async fn remove_any(path: PathBuf) -> io::Result<()> {
    if fs::symlink_metadata(&path).await?.is_dir() { remove(path).await } else { fs::remove_file(path).await }
}

/// Refuses a path that leaves the folder it is in.
fn stays_inside(path: &str) -> Result<(), String> {
    if Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        Ok(())
    } else {
        Err(format!("invalid path {path:?}: must be a relative path without \"..\""))
    }
}

/// The mounts of one container: what is replaced by what, longest mount path first.
#[derive(Clone, Debug, Default)]
pub struct Mounts(Vec<(String, String)>);

impl Mounts {
    /// The mounts of `container`, whose variables are `variables`, among the prepared `volumes`; `subPath` folders are
    /// created.
    pub async fn of(
        container: &Container,
        volumes: &[(String, PathBuf)],
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let mut mounts = Self::default();
        for mount in container.volume_mounts.iter().flatten() {
            let Some((_, folder)) = volumes.iter().find(|(name, _)| *name == mount.name) else {
                return Err(format!("volume {:?} of container {:?} does not exist", mount.name, container.name));
            };
            let expanded = mount.sub_path_expr.as_deref().map(|path| expand(path, variables));
            let sub_path = mount.sub_path.as_deref().or(expanded.as_deref());
            let host = match sub_path.filter(|path| !path.is_empty()) {
                None => folder.clone(),
                Some(path) => {
                    stays_inside(path)?;
                    let host = folder.join(path);
                    if !fs::try_exists(&host).await.unwrap_or(false) {
                        create(&host).await.map_err(|error| format!("failed to prepare subPath {path:?}: {error}"))?;
                    }
                    host
                }
            };
            mounts.add(&mount.mount_path, &host);
        }
        Ok(mounts)
    }

    /// Puts `host` in the place of `path`; a path that is mounted already stays as it is.
    pub fn add(&mut self, path: &str, host: &Path) {
        let path = path.trim_end_matches('/');
        if !path.is_empty() && self.0.iter().all(|(mounted, _)| mounted != path) {
            self.0.push((path.to_owned(), host.to_string_lossy().into_owned()));
            self.0.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        }
    }

    /// Replaces every mount path in `text` that stands at path boundaries.
    pub fn rewrite(&self, text: &str) -> String {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        let mut out = String::with_capacity(text.len());
        let mut previous = None;
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let hit = self.0.iter().find(|(path, _)| {
                rest.strip_prefix(path.as_str()).is_some_and(|tail| {
                    previous.is_none_or(|before| !is_name(before))
                        && tail.chars().next().is_none_or(|after| after == '/' || !is_name(after))
                })
            });
            if let Some((path, host)) = hit {
                out.push_str(host);
                rest = &rest[path.len()..];
                previous = host.chars().last();
            } else {
                out.push(next);
                rest = &rest[next.len_utf8()..];
                previous = Some(next);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mounts() -> Mounts {
        Mounts(vec![
            ("/workspace/data".into(), "/h/d".into()),
            ("/workspace".into(), "/h/w".into()),
            ("/tools".into(), "/h/t".into()),
        ])
    }

    #[test]
    fn a_mount_path_is_replaced_at_path_boundaries_only() {
        for (text, expected) in [
            ("/workspace", "/h/w"),
            ("/workspace/", "/h/w/"),
            ("/workspace/data/x", "/h/d/x"),
            ("/workspace/database", "/h/w/database"),
            ("/workspaces", "/workspaces"),
            ("/my/workspace", "/my/workspace"),
            ("http://host/workspace", "http://host/workspace"),
            ("cd /workspace && cat '/tools/a' > /workspace/b", "cd /h/w && cat '/h/t/a' > /h/w/b"),
            ("PATH=/tools:/usr/bin", "PATH=/h/t:/usr/bin"),
            (r#"{"instructions":["/workspace/a.md"]}"#, r#"{"instructions":["/h/w/a.md"]}"#),
        ] {
            assert_eq!(mounts().rewrite(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_that_names_no_mount_is_unchanged(text in "[a-v .:=]*") {
            prop_assert_eq!(mounts().rewrite(&text), text);
        }
    }
}
