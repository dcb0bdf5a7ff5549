//! Volumes as folders of the host, and mount paths rewritten to them.
//!
//! A Pod here has no filesystem of its own. Each volume becomes a folder below the Pod's (or the claim's) folder, and a mount
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
use super::resources;
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
    /// Folder of all volume claims.
    pub claims: PathBuf,
}

impl Folders {
    /// Folder of one volume of the Pod.
    fn volume(&self, name: &str) -> PathBuf {
        self.pod.join("volumes").join(name)
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

async fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).await
}

/// Writes the files of a volume made from objects; an empty folder needs nothing.
async fn fill(
    volume: &Volume,
    folder: &Path,
    surroundings: &Surroundings<'_>,
    references: &References,
) -> Result<(), String> {
    if let Some(map) = &volume.config_map {
        let found = found(references.config_map(&map.name).await?, map.optional, "configmap", &map.name)?;
        write(folder, found, map.items.as_deref(), map.default_mode).await?;
    }
    if let Some(secret) = &volume.secret {
        let name = secret.secret_name.as_deref().unwrap_or_default();
        let found = found(references.secret(name).await?, secret.optional, "secret", name)?;
        write(folder, found, secret.items.as_deref(), secret.default_mode).await?;
    }
    if let Some(downward) = &volume.downward_api {
        let entries = downward_entries(downward.items.as_deref(), surroundings)?;
        write(folder, entries, None, downward.default_mode).await?;
    }
    for source in volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten()) {
        let mode = volume.projected.as_ref().and_then(|projected| projected.default_mode);
        if let Some(map) = &source.config_map {
            let found = found(references.config_map(&map.name).await?, map.optional, "configmap", &map.name)?;
            write(folder, found, map.items.as_deref(), mode).await?;
        }
        if let Some(secret) = &source.secret {
            let found = found(references.secret(&secret.name).await?, secret.optional, "secret", &secret.name)?;
            write(folder, found, secret.items.as_deref(), mode).await?;
        }
        if let Some(downward) = &source.downward_api {
            write(folder, downward_entries(downward.items.as_deref(), surroundings)?, None, mode).await?;
        }
        if let Some(token) = &source.service_account_token {
            write_token(folder, token, references, mode).await?;
        }
    }
    Ok(())
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

async fn write_token(
    folder: &Path,
    token: &ServiceAccountTokenProjection,
    references: &References,
    mode: Option<i32>,
) -> Result<(), String> {
    let seconds = token.expiration_seconds.unwrap_or(TOKEN_SECONDS);
    let content = references.token(token.audience.as_deref(), seconds).await?;
    write(folder, Entries::from([(token.path.clone(), content.into_bytes())]), None, mode).await
}

fn tokens(pod: &Pod) -> impl Iterator<Item = (&Volume, &ServiceAccountTokenProjection)> {
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    volumes.flat_map(|volume| {
        let sources = volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten());
        sources.filter_map(move |source| Some((volume, source.service_account_token.as_ref()?)))
    })
}

/// Whether the Pod's volumes hold tokens that expire.
pub fn has_tokens(pod: &Pod) -> bool {
    tokens(pod).next().is_some()
}

/// Makes those tokens anew of whose life a fifth is left, or that are a day old (`pkg/kubelet/token/token_manager.go`).
/// The error is the kubelet's text for `FailedMount`.
pub async fn renew_tokens(pod: &Pod, folders: &Folders, references: &References) -> Result<(), String> {
    for (volume, token) in tokens(pod) {
        let folder = folders.volume(&volume.name);
        let life = u64::try_from(token.expiration_seconds.unwrap_or(TOKEN_SECONDS)).unwrap_or(0);
        let old = Duration::from_secs(life / 5 * 4).min(Duration::from_secs(24 * 60 * 60));
        let written = fs::metadata(folder.join(&token.path)).await.and_then(|metadata| metadata.modified());
        let age = written.ok().and_then(|written| SystemTime::now().duration_since(written).ok());
        if age.is_none_or(|age| age >= old) {
            let mode = volume.projected.as_ref().and_then(|projected| projected.default_mode);
            let renewed = write_token(&folder, token, references, mode).await;
            renewed.map_err(|cause| format!("MountVolume.SetUp failed for volume {:?} : {cause}", volume.name))?;
        }
    }
    Ok(())
}

fn found(found: Option<Entries>, optional: Option<bool>, kind: &str, name: &str) -> Result<Entries, String> {
    match found {
        Some(entries) => Ok(entries),
        None if optional == Some(true) => Ok(Entries::new()),
        None => Err(format!("{kind} {name:?} not found")),
    }
}

async fn write(
    folder: &Path,
    mut entries: Entries,
    items: Option<&[KeyToPath]>,
    mode: Option<i32>,
) -> Result<(), String> {
    let mode = mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(MODE);
    let files: Vec<(String, Vec<u8>, u32)> = match items {
        None => entries.into_iter().map(|(key, content)| (key, content, mode)).collect(),
        Some(items) => items
            .iter()
            .map(|item| {
                let content =
                    entries.remove(&item.key).ok_or_else(|| format!("references non-existent key: {}", item.key))?;
                Ok((item.path.clone(), content, item.mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(mode)))
            })
            .collect::<Result<_, String>>()?,
    };
    for (path, content, mode) in files {
        // A key is checked by the API server, a path is not: it must stay in the volume.
        stays_inside(&path)?;
        let file = folder.join(path);
        let written = async {
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent).await?;
            }
            let mut beside = file.clone().into_os_string();
            beside.push(".new");
            fs::write(&beside, content).await?;
            fs::set_permissions(&beside, std::fs::Permissions::from_mode(mode)).await?;
            fs::rename(&beside, &file).await
        };
        written.await.map_err(|error| error.to_string())?;
    }
    Ok(())
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
