//! Where the `opencode` program is that agents of the sandbox run.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::error::{Code, Error, Result};

/// Environment variable that names the program.
pub const VARIABLE: &str = "KUBECTL_OPENCODE_OPENCODE";
/// Where `install.sh` puts the program: below `share` beside the `bin` of this program, which is the user's data folder
/// unless it was installed elsewhere.
const INSTALLED: &str = "kubectl-opencode/opencode/node_modules/.bin/opencode";

/// Finds the program: `wanted`, else the one that [`VARIABLE`] names, else the first on `PATH`, else the installed one.
///
/// # Errors
///
/// `invalid_configuration` if the one that is named is no program. None being found is `Ok(None)`: the sandbox works
/// without, and its agents say why they do not start.
pub fn find(wanted: Option<&Path>) -> Result<Option<PathBuf>> {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.join("share")));
    let data = etcetera::choose_base_strategy().ok().map(|strategy| strategy.data_dir());
    let installed: Vec<_> = beside.into_iter().chain(data).collect();
    let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    search(wanted, variable.as_deref(), std::env::var_os("PATH").as_deref(), &installed)
}

fn search(
    wanted: Option<&Path>,
    variable: Option<&OsStr>,
    path: Option<&OsStr>,
    installed: &[PathBuf],
) -> Result<Option<PathBuf>> {
    for (named, by) in [(wanted, "--opencode"), (variable.map(Path::new), VARIABLE)] {
        if let Some(named) = named {
            return program(named).map(Some).ok_or_else(|| {
                Error::new(Code::InvalidConfiguration, format!("{} is no program that can be run", named.display()))
                    .because(format!("{by} names it"))
                    .hint("name the opencode program, or leave it out to take the one on PATH")
            });
        }
    }
    let on_path =
        path.and_then(|path| std::env::split_paths(path).find_map(|folder| program(&folder.join("opencode"))));
    Ok(on_path.or_else(|| installed.iter().find_map(|share| program(&share.join(INSTALLED)))))
}

/// The absolute path of a file that may be run.
fn program(path: &Path) -> Option<PathBuf> {
    let metadata = path.metadata().ok()?;
    let can_run = metadata.is_file() && metadata.permissions().mode() & 0o111 != 0;
    can_run.then(|| std::path::absolute(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn put(folder: &Path, name: &str, mode: u32) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn what_is_named_wins_then_path_then_what_was_installed() {
        let folder = tempfile::tempdir().unwrap();
        let named = put(folder.path(), "named", 0o755);
        let variable = put(folder.path(), "variable", 0o755);
        put(folder.path(), "dud/opencode", 0o644);
        let on_path = put(folder.path(), "bin/opencode", 0o755);
        let installed = put(folder.path(), INSTALLED, 0o755);
        let path =
            std::env::join_paths([folder.path().join("none"), folder.path().join("dud"), folder.path().join("bin")])
                .unwrap();
        let find = |wanted: Option<&Path>, variable: Option<&Path>, path: Option<&OsStr>, shares: &[PathBuf]| {
            search(wanted, variable.map(Path::as_os_str), path, shares).unwrap()
        };
        let shares = [folder.path().join("empty"), folder.path().to_owned()];
        let path = Some(path.as_os_str());
        assert_eq!(find(Some(&named), Some(&variable), path, &shares), Some(named.clone()));
        assert_eq!(find(None, Some(&variable), path, &shares), Some(variable));
        assert_eq!(find(None, None, path, &shares), Some(on_path));
        assert_eq!(find(None, None, None, &shares), Some(installed));
        assert_eq!(find(None, None, None, &[]), None);
    }

    #[test]
    fn what_is_named_and_is_no_program_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let text = put(folder.path(), "notes", 0o644);
        for named in [text, folder.path().join("absent"), folder.path().to_owned()] {
            assert_eq!(search(Some(&named), None, None, &[]).unwrap_err().code, Code::InvalidConfiguration);
            let error = search(None, Some(named.as_os_str()), None, &[]).unwrap_err();
            assert!(error.causes[0].contains(VARIABLE), "{error}");
        }
    }
}
