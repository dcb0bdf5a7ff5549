//! Volumes as folders of the host, and mount paths rewritten to them.
//!
//! A Pod here has no filesystem of its own. Each volume becomes a folder below the Pod's (or the claim's) folder, and a mount
//! path is replaced by it wherever it stands, at path boundaries, in commands, arguments, values and working directories.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::{Container, KeyToPath, Pod, Volume};
use tokio::fs;

use super::environment::{Entries, References, Surroundings, field_value};

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
            if matches!(host.type_.as_deref(), Some("DirectoryOrCreate")) {
                create(Path::new(&host.path)).await.map_err(|error| failed(error.to_string()))?;
            }
            PathBuf::from(&host.path)
        } else {
            create(&folder).await.map_err(|error| failed(error.to_string()))?;
            fill(volume, &folder, surroundings, references).await.map_err(failed)?;
            folder
        };
        prepared.push((volume.name.clone(), folder));
    }
    Ok(prepared)
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
        let mut entries = Entries::new();
        for item in downward.items.iter().flatten() {
            if let Some(field) = &item.field_ref {
                entries.insert(item.path.clone(), field_value(&field.field_path, surroundings)?.into_bytes());
            }
        }
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
    let mode = mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(0o644);
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
        if Path::new(&path).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
            return Err(format!("invalid path {path:?}: must be a relative path without \"..\""));
        }
        let file = folder.join(path);
        let written = async {
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent).await?;
            }
            fs::write(&file, content).await?;
            fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).await
        };
        written.await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The mounts of one container: what is replaced by what, longest mount path first.
#[derive(Clone, Debug, Default)]
pub struct Mounts(Vec<(String, String)>);

impl Mounts {
    /// The mounts of `container` among the prepared `volumes`; `subPath` folders are created.
    pub async fn of(container: &Container, volumes: &[(String, PathBuf)]) -> Result<Self, String> {
        let mut mounts = Vec::new();
        for mount in container.volume_mounts.iter().flatten() {
            let Some((_, folder)) = volumes.iter().find(|(name, _)| *name == mount.name) else {
                return Err(format!("volume {:?} of container {:?} does not exist", mount.name, container.name));
            };
            let host = match mount.sub_path.as_deref().filter(|path| !path.is_empty()) {
                None => folder.clone(),
                Some(path) => {
                    let host = folder.join(path);
                    if !fs::try_exists(&host).await.unwrap_or(false) {
                        create(&host).await.map_err(|error| format!("failed to prepare subPath {path:?}: {error}"))?;
                    }
                    host
                }
            };
            let path = mount.mount_path.trim_end_matches('/').to_owned();
            if !path.is_empty() {
                mounts.push((path, host.to_string_lossy().into_owned()));
            }
        }
        mounts.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Ok(Self(mounts))
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
