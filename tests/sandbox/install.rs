//! `install.sh` with a program that is built already, and with what it calls replaced where it would build or fetch.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::home::{Ended, Home, PROGRAM};

/// What the script uses of the system.
const TOOLS: &[&str] = &["bash", "cat", "dirname", "install", "ln", "ls", "mkdir", "mv", "rm", "rmdir", "sed", "sh"];

/// Stands in for npm: puts an `opencode` where npm would, and says that it was asked.
const NPM: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in --prefix) prefix=$2; shift ;; opencode-ai@*) wanted=$1 ;; esac
  shift
done
[ -n "$wanted" ] || exit 1
mkdir -p "$prefix/node_modules/.bin"
printf '#!/bin/sh\nexit 1\n' > "$prefix/node_modules/.bin/opencode"
chmod +x "$prefix/node_modules/.bin/opencode"
echo "$wanted" >> "$HOME/fetched"
"#;

struct Machine {
    home: Home,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { home: Home::new() };
        let path = std::env::var_os("PATH").unwrap();
        fs::create_dir_all(machine.bin()).unwrap();
        for tool in ["chmod"].iter().chain(TOOLS) {
            let mut folders = std::env::split_paths(&path);
            let found = folders.find_map(|folder| Some(folder.join(tool)).filter(|file| file.is_file())).unwrap();
            symlink(found, machine.bin().join(tool)).unwrap();
        }
        machine.put("cargo", "#!/bin/sh\nexit 0\n");
        machine.put("cc", "#!/bin/sh\nexit 0\n");
        machine.put("npm", NPM);
        let built = machine.home.path().join("target/release");
        fs::create_dir_all(&built).unwrap();
        fs::hard_link(PROGRAM, built.join("kubectl-opencode"))
            .or_else(|_| fs::copy(PROGRAM, built.join("kubectl-opencode")).map(drop))
            .unwrap();
        machine
    }

    fn bin(&self) -> PathBuf {
        self.home.path().join("tools")
    }

    fn prefix(&self) -> PathBuf {
        self.home.path().join("prefix")
    }

    fn put(&self, name: &str, script: &str) {
        let file = self.bin().join(name);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> std::process::Command {
        let mut command = self.home.command(program);
        command.env("PATH", self.bin()).env("PREFIX", self.prefix());
        command.env("CARGO_TARGET_DIR", self.home.path().join("target"));
        command
    }

    fn install(&self, words: &[&str]) -> Ended {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh");
        self.command(self.bin().join("bash")).arg(script).args(words).output().unwrap().into()
    }

    /// Every file below the prefix.
    fn files(&self) -> Vec<PathBuf> {
        fn below(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
                found.push(entry.path());
                if entry.file_type().unwrap().is_dir() {
                    below(&entry.path(), found);
                }
            }
        }
        let mut found = Vec::new();
        below(&self.prefix(), &mut found);
        found.sort();
        found
    }
}

#[test]
fn it_installs_twice_to_the_same_end_runs_and_leaves_nothing_behind() {
    let machine = Machine::new();
    let first = machine.install(&[]);
    assert!(first.stderr.contains("installed kubectl-opencode") && first.stderr.contains("export PATH="), "{first:#?}");
    first.ok();
    let files = machine.files();
    for name in ["bin/kubectl-opencode", "bin/kubectl_complete-opencode", "share/man/man1/kubectl-opencode.1"] {
        assert!(files.contains(&machine.prefix().join(name)), "{name}: {files:#?}");
    }
    machine.install(&[]).ok();
    assert_eq!(machine.files(), files);
    let fetched = fs::read_to_string(machine.home.path().join("fetched")).unwrap();
    assert_eq!(fetched.lines().count(), 1, "it was there the second time: {fetched}");

    // The installed program finds the opencode that came with it.
    let program = machine.prefix().join("bin/kubectl-opencode");
    let started = Ended::from(machine.command(&program).args(["sandbox", "start"]).output().unwrap());
    assert!(started.stderr.contains("is ready at") && !started.stderr.contains("not found"), "{started:#?}");
    Ended::from(machine.command(&program).args(["sandbox", "stop"]).output().unwrap()).ok();

    let removed = machine.install(&["--uninstall"]);
    assert!(removed.stderr.contains("sandboxes that were made with it are still in"), "{removed:#?}");
    removed.ok();
    assert_eq!(machine.files(), [""; 0].map(PathBuf::from));
    machine.install(&["--uninstall"]).ok();
}

#[test]
fn what_others_put_beside_it_stays() {
    let machine = Machine::new();
    let other = machine.prefix().join("share/man/man1/other.1");
    fs::create_dir_all(other.parent().unwrap()).unwrap();
    fs::write(&other, "").unwrap();
    machine.put("opencode", "#!/bin/sh\nexit 0\n");
    let installed = machine.install(&[]);
    assert!(installed.stderr.contains("opencode: using"), "{installed:#?}");
    installed.ok();
    assert!(!machine.home.path().join("fetched").exists());
    machine.install(&["--uninstall"]).ok();
    let left = machine.files();
    assert!(left.contains(&other) && left.len() == 4, "{left:#?}");
}

#[test]
fn a_missing_prerequisite_is_named_on_one_line_before_anything_is_done() {
    for (missing, words) in [("cargo", &[][..]), ("cc", &[]), ("npm", &[]), ("tmux", &["--demo"])] {
        let machine = Machine::new();
        let _ = fs::remove_file(machine.bin().join(missing));
        let error = machine.install(words).failed(1);
        assert!(error.starts_with(&format!("install.sh: missing prerequisite: {missing} (")), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(machine.files().is_empty());
    }
}
