//! The folder in which a sandbox keeps everything, and the lock that makes one process its owner.
//!
//! ```text
//! $XDG_STATE_HOME/kubectl-opencode/sandboxes/NAME/     0700
//!   format          version of this layout; a folder without it is not ours and is never touched
//!   lock            flock(2) of the running sandbox; holds its pid
//!   settings.json   port, names of the variables given to agents, … : what a restart keeps
//!   ca.crt ca.key server.crt server.key certificates.json
//!   token           bearer token of the user; model-token: that of the offline model
//!   kubeconfig
//!   journal         the objects
//!   node/           the Pods' folders
//!   sandbox.log
//! ```
//!
//! Files are written beside and renamed, so that a crash leaves the old one or the new one. All are 0600.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy;
use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::api::names::has_label_form;
use crate::error::{Code, Error, Result};

/// Version of the layout that this program writes and reads.
const FORMAT: u32 = 1;
const FORMAT_FILE: &str = "format";
const LOCK_FILE: &str = "lock";
const SETTINGS_FILE: &str = "settings.json";

/// How often, and how far apart, a lock is tried whose holder is not known.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// The name of the sandbox that is meant when none is given.
pub const DEFAULT_NAME: &str = "default";

/// What a restart keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Port of the API server; 0 until the first start.
    pub port: u16,
    /// Names of the environment variables that agents are given; the values are in a Secret.
    pub env: Vec<String>,
    /// Whether agents that configure no model get the offline model.
    pub offline_model: bool,
    /// Whether a person was asked to have the context in the own kubeconfig.
    pub asked_for_context: bool,
    /// The kubeconfigs of the user that have the sandbox's context.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<AddedContext>,
}

/// A kubeconfig into which the sandbox's context was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedContext {
    /// The file.
    pub kubeconfig: PathBuf,
    /// Its `current-context` before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

impl Settings {
    /// Keeps in mind that the context is in `kubeconfig` now, where `previous` was current before.
    pub fn added_to(&mut self, kubeconfig: &Path, previous: Option<String>) {
        match self.contexts.iter_mut().find(|added| added.kubeconfig == kubeconfig) {
            Some(added) => added.previous = previous.or(added.previous.take()),
            None => self.contexts.push(AddedContext { kubeconfig: kubeconfig.to_owned(), previous }),
        }
    }
}

/// The folder of one sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFolder {
    name: String,
    path: PathBuf,
}

/// The lock on a [`StateFolder`]; dropping it gives it up.
#[derive(Debug)]
pub struct Lock {
    file: Flock<File>,
}

impl StateFolder {
    /// The folder of the sandbox `name` of this user; it need not exist.
    pub fn of(name: &str) -> Result<Self> {
        let strategy = etcetera::choose_base_strategy().map_err(|error| {
            Error::new(Code::InvalidConfiguration, "cannot find the home directory").caused_by(&error).hint("set HOME")
        })?;
        let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
        if state.is_relative() {
            let message = format!("the home directory {} is not an absolute path", strategy.home_dir().display());
            return Err(Error::new(Code::InvalidConfiguration, message)
                .because("the sandbox runs in the background, and in a folder of its own")
                .hint("set HOME or XDG_STATE_HOME to a path that begins with /"));
        }
        Self::below(&state.join("kubectl-opencode/sandboxes"), name)
    }

    /// The folder of the sandbox `name` below `parent`.
    pub fn below(parent: &Path, name: &str) -> Result<Self> {
        if !has_label_form(name) || name.len() > 40 {
            return Err(Error::usage(format!("{name:?} cannot name a sandbox"))
                .hint("use up to 40 lower case letters, digits and -"));
        }
        Ok(Self { name: name.to_owned(), path: parent.join(name) })
    }

    /// The sandbox's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file or folder in it.
    pub fn file(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.join(name.as_ref())
    }

    /// The log of a sandbox that runs in the background.
    pub fn log(&self) -> PathBuf {
        self.file("sandbox.log")
    }

    /// The kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        self.file("kubeconfig")
    }

    /// The name of its context, cluster and user in kubeconfigs.
    pub fn context(&self) -> String {
        if self.name == DEFAULT_NAME {
            "opencode-sandbox".to_owned()
        } else {
            format!("opencode-sandbox-{}", self.name)
        }
    }

    /// Whether this sandbox was ever started.
    ///
    /// # Errors
    ///
    /// `invalid_configuration` for a folder that is not ours, belongs to somebody else, or is of another version.
    pub fn exists(&self) -> Result<bool> {
        let metadata = match fs::symlink_metadata(&self.path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(self.cannot("look at", &self.path, &error)),
        };
        if !metadata.is_dir() || metadata.uid() != nix::unistd::geteuid().as_raw() {
            return Err(self.foreign("it is no folder of yours"));
        }
        let format = match fs::read_to_string(self.file(FORMAT_FILE)) {
            Ok(format) => format,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut entries = fs::read_dir(&self.path).map_err(|error| self.cannot("read", &self.path, &error))?;
                // A start that was killed at its first step leaves that step's file.
                let begun = |entry: io::Result<fs::DirEntry>| {
                    entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with("format.")))
                };
                return if entries.all(begun) {
                    Ok(false)
                } else {
                    Err(self.foreign("it holds files, but not those of a sandbox"))
                };
            }
            Err(error) => return Err(self.cannot("read", &self.file(FORMAT_FILE), &error)),
        };
        match format.trim().parse::<u32>() {
            Ok(FORMAT) => Ok(true),
            Ok(version) => Err(Error::new(
                Code::InvalidConfiguration,
                format!("the sandbox \"{}\" was written by another version of this program", self.name),
            )
            .because(format!("its layout has version {version}, and this program knows version {FORMAT}"))
            .hint(format!(
                "use the program that made it, or start another sandbox with --name; its files are in {}",
                self.path.display()
            ))),
            Err(_) => Err(self.foreign("its file `format` does not hold a version")),
        }
    }

    /// Makes the folder unless it exists, and takes the lock.
    ///
    /// # Errors
    ///
    /// As [`StateFolder::exists`]; `already_exists` if the sandbox runs.
    pub fn create_and_lock(&self) -> Result<Lock> {
        if !self.exists()? {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&self.path)
                .map_err(|error| self.cannot("create", &self.path, &error))?;
            self.write(FORMAT_FILE, format!("{FORMAT}\n").as_bytes())?;
        }
        let mut lock = self.lock()?.ok_or_else(|| {
            let error = Error::new(
                Code::AlreadyExists,
                match self.pid() {
                    Some(pid) => format!("the sandbox \"{}\" runs already (pid {pid})", self.name),
                    None => format!("the sandbox \"{}\" runs already", self.name),
                },
            );
            error.hint("kubectl opencode sandbox status")
        })?;
        lock.sign().map_err(|error| self.cannot("write", &self.file(LOCK_FILE), &error))?;
        Ok(lock)
    }

    /// Takes the lock; `None` if another process has it. Who only looks whether the sandbox runs has it for a moment, too.
    fn lock(&self) -> Result<Option<Lock>> {
        for _ in 0..LOCK_TRIES {
            if let Some(lock) = self.try_lock(FlockArg::LockExclusiveNonblock)? {
                return Ok(Some(lock));
            }
            if self.pid().is_some_and(lives) {
                break;
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Ok(None)
    }

    fn try_lock(&self, how: FlockArg) -> Result<Option<Lock>> {
        let path = self.file(LOCK_FILE);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| self.cannot("open", &path, &error))?;
        match Flock::lock(file, how) {
            Ok(file) => Ok(Some(Lock { file })),
            Err((_, nix::errno::Errno::EWOULDBLOCK)) => Ok(None),
            Err((_, errno)) => Err(self.cannot("lock", &path, &errno.into())),
        }
    }

    /// The pid of the process that holds the lock; `None` if the sandbox does not run.
    ///
    /// # Errors
    ///
    /// As [`StateFolder::exists`].
    pub fn running(&self) -> Result<Option<i32>> {
        if !self.exists()? {
            return Ok(None);
        }
        for _ in 0..LOCK_TRIES {
            if self.try_lock(FlockArg::LockSharedNonblock)?.is_some() {
                return Ok(None);
            }
            // Who has just taken the lock is about to sign it.
            if let Some(pid) = self.pid().filter(|pid| lives(*pid)) {
                return Ok(Some(pid));
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Err(Error::new(Code::Conflict, format!("the sandbox \"{}\" is just being started or stopped", self.name))
            .hint("try again"))
    }

    fn pid(&self) -> Option<i32> {
        fs::read_to_string(self.file(LOCK_FILE)).ok()?.trim().parse().ok().filter(|pid| *pid > 1)
    }

    /// What the last start kept; the defaults before the first.
    pub fn settings(&self) -> Result<Settings> {
        match self.read(SETTINGS_FILE)? {
            Some(text) => serde_json::from_slice(&text).map_err(|error| {
                Error::new(Code::InvalidConfiguration, format!("cannot read {}", self.file(SETTINGS_FILE).display()))
                    .caused_by(&error)
                    .hint("remove that file, or start over with: kubectl opencode sandbox reset")
            }),
            None => Ok(Settings::default()),
        }
    }

    /// Keeps these settings.
    pub fn keep(&self, settings: &Settings) -> Result<()> {
        let text = serde_json::to_vec_pretty(settings)
            .map_err(|error| Error::internal("cannot write the settings").caused_by(&error))?;
        self.write(SETTINGS_FILE, &text)
    }

    /// The content of a file in the folder; `None` if there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match fs::read(self.file(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.cannot("read", &self.file(name), &error)),
        }
    }

    /// Writes a file of the folder, 0600, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.file(name);
        replace(&path, bytes, 0o600).map_err(|error| self.cannot("write", &path, &error))
    }

    /// The secret in this file; a random one is made where there is none.
    pub fn secret(&self, name: &str) -> Result<String> {
        if let Some(bytes) = self.read(name)?
            && let Ok(text) = String::from_utf8(bytes)
            && text.trim().len() >= 32
        {
            return Ok(text.trim().to_owned());
        }
        // Two version 4 UUIDs: 244 bits from the operating system's generator.
        let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        self.write(name, secret.as_bytes())?;
        Ok(secret)
    }

    /// Removes the folder with everything in it. The caller holds the lock.
    pub fn remove(&self, lock: Lock) -> Result<()> {
        // The file that makes the folder ours goes last, so that an interrupted removal can be repeated.
        for entry in fs::read_dir(&self.path).map_err(|error| self.cannot("read", &self.path, &error))? {
            let entry = entry.map_err(|error| self.cannot("read", &self.path, &error))?;
            if entry.file_name() == FORMAT_FILE {
                continue;
            }
            let path = entry.path();
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let removed = if is_dir { remove_tree(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| self.cannot("remove", &path, &error))?;
        }
        drop(lock);
        fs::remove_file(self.file(FORMAT_FILE))
            .and_then(|()| fs::remove_dir(&self.path))
            .map_err(|error| self.cannot("remove", &self.path, &error))
    }

    fn cannot(&self, verb: &str, path: &Path, error: &io::Error) -> Error {
        let failure =
            Error::new(Code::InvalidConfiguration, format!("cannot {verb} {}", path.display())).caused_by(error);
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                failure.hint(format!("make room on the disk of {}", self.path.display()))
            }
            _ => failure.hint("check that the folder is yours, or set XDG_STATE_HOME to another one"),
        }
    }

    fn foreign(&self, why: &str) -> Error {
        Error::new(Code::InvalidConfiguration, format!("{} is not the folder of a sandbox", self.path.display()))
            .because(why)
            .hint("move it away, or choose another sandbox with --name")
    }
}

/// Whether there is a process with this id.
fn lives(pid: i32) -> bool {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None) != Err(nix::errno::Errno::ESRCH)
}

impl Lock {
    fn sign(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{}", std::process::id())?;
        self.file.flush()
    }

    /// What stands in the lock file.
    #[cfg(test)]
    fn text(&mut self) -> String {
        use std::io::Read;
        let mut text = String::new();
        self.file.rewind().unwrap();
        self.file.read_to_string(&mut text).unwrap();
        text
    }
}

/// Writes a file beside `path` and renames it, so that `path` holds the old bytes or the new ones.
pub(super) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut prefix = path.file_name().map(OsStr::to_owned).unwrap_or_default();
    prefix.push(".");
    let mut beside = tempfile::Builder::new()
        .prefix(&prefix)
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(path.parent().unwrap_or(Path::new("")))?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    Ok(())
}

/// Removes a folder, also where programs of a Pod left folders that their owner may not write to.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_writable(path)?;
            fs::remove_dir_all(path)
        }
        other => other,
    }
}

fn make_writable(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_writable(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
