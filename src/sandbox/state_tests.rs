use super::*;
use std::os::unix::fs::PermissionsExt;

fn folder() -> (tempfile::TempDir, StateFolder) {
    let parent = tempfile::tempdir().unwrap();
    let folder = StateFolder::below(parent.path(), "default").unwrap();
    (parent, folder)
}

#[test]
fn names_are_checked() {
    for name in ["", "A", "a/b", "..", "-a", "a-", &"a".repeat(41)] {
        assert_eq!(StateFolder::below(Path::new("/x"), name).unwrap_err().code, Code::Usage, "{name:?}");
    }
    let other = StateFolder::below(Path::new("/x"), "ci-1").unwrap();
    assert_eq!(other.context(), "opencode-sandbox-ci-1");
}

#[test]
fn one_process_owns_the_folder() {
    let (_parent, folder) = folder();
    assert!(!folder.exists().unwrap());
    assert_eq!(folder.running().unwrap(), None);
    let mut lock = folder.create_and_lock().unwrap();
    let pid = i32::try_from(std::process::id()).unwrap();
    assert_eq!(lock.text().trim(), pid.to_string());
    assert_eq!(folder.running().unwrap(), Some(pid));
    let error = folder.create_and_lock().unwrap_err();
    assert_eq!(error.code, Code::AlreadyExists);
    assert!(error.message.contains(&format!("pid {pid}")), "{error}");
    drop(lock);
    assert_eq!(folder.running().unwrap(), None);
    assert!(folder.exists().unwrap());
}

#[test]
fn looking_does_not_keep_anybody_from_starting() {
    let (_parent, folder) = folder();
    drop(folder.create_and_lock().unwrap());
    let looking = folder.try_lock(FlockArg::LockSharedNonblock).unwrap().unwrap();
    assert_eq!(folder.running().unwrap(), None, "two may look at once");
    // The pid of a process that ended long ago, as a killed sandbox leaves it.
    fs::write(folder.file(LOCK_FILE), "4194303\n").unwrap();
    let start = std::thread::spawn({
        let folder = folder.clone();
        move || folder.create_and_lock().map(drop)
    });
    std::thread::sleep(LOCK_PAUSE);
    drop(looking);
    start.join().unwrap().unwrap();
}

#[test]
fn a_start_that_was_killed_at_its_first_step_is_repeated() {
    let (_parent, folder) = folder();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.file("format.123.new"), "1").unwrap();
    drop(folder.create_and_lock().unwrap());
    assert!(folder.exists().unwrap());
}

#[test]
fn a_kubeconfig_is_kept_in_mind_once_with_what_was_current_first() {
    let mut settings = Settings::default();
    let path = Path::new("/k");
    settings.added_to(path, Some("work".into()));
    settings.added_to(path, None);
    let expected = AddedContext { kubeconfig: path.into(), previous: Some("work".into()) };
    assert_eq!(settings.contexts, [expected]);
}

#[test]
fn everything_is_private() {
    let (_parent, folder) = folder();
    let _lock = folder.create_and_lock().unwrap();
    folder.secret("token").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    for file in ["format", "lock", "token"] {
        assert_eq!(mode(&folder.file(file)), 0o600, "{file}");
    }
}

#[test]
fn secrets_are_kept_and_settings_read_back() {
    let (_parent, folder) = folder();
    let _lock = folder.create_and_lock().unwrap();
    let secret = folder.secret("token").unwrap();
    assert_eq!(secret.len(), 64);
    assert_eq!(folder.secret("token").unwrap(), secret);
    assert_ne!(folder.secret("other").unwrap(), secret);
    assert_eq!(folder.settings().unwrap(), Settings::default());
    let settings = Settings { port: 7, env: vec!["KEY".into()], ..Settings::default() };
    folder.keep(&settings).unwrap();
    assert_eq!(folder.settings().unwrap(), settings);
    folder.write(SETTINGS_FILE, b"{").unwrap();
    assert_eq!(folder.settings().unwrap_err().code, Code::InvalidConfiguration);
}

#[test]
fn a_folder_of_somebody_else_is_not_touched() {
    let (_parent, folder) = folder();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.file("thesis.txt"), "years").unwrap();
    let error = folder.create_and_lock().unwrap_err();
    assert_eq!(error.code, Code::InvalidConfiguration);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn another_version_is_refused() {
    let (_parent, folder) = folder();
    drop(folder.create_and_lock().unwrap());
    fs::write(folder.file(FORMAT_FILE), "2\n").unwrap();
    let error = folder.create_and_lock().unwrap_err();
    assert!(error.causes[0].contains("version 2"), "{error}");
    fs::write(folder.file(FORMAT_FILE), "what").unwrap();
    assert!(folder.exists().is_err());
}

#[test]
fn removing_takes_everything_even_what_is_read_only() {
    let (_parent, folder) = folder();
    let lock = folder.create_and_lock().unwrap();
    let inner = folder.file("node/pod/sealed");
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("x"), "y").unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o500)).unwrap();
    folder.remove(lock).unwrap();
    assert!(!folder.path().exists());
}

#[test]
fn a_write_that_fails_leaves_the_old_file() {
    let (_parent, folder) = folder();
    let _lock = folder.create_and_lock().unwrap();
    folder.write("token", b"old").unwrap();
    // A folder cannot be replaced by a file, so the rename fails after everything was written.
    fs::create_dir_all(folder.file("taken/x")).unwrap();
    assert!(folder.write("taken", b"new").is_err());
    assert_eq!(folder.read("token").unwrap().unwrap(), b"old");
    assert!(
        !fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().ends_with(".new") })
    );
}
