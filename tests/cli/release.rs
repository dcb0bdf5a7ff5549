//! What a release consists of: the archive, which `scripts/release` installs from itself, and the manifest for krew, held
//! against krew's own rules (`internal/index/validation`, `internal/installation`).

use std::path::{Path, PathBuf};
use std::process::Command;

use kubectl_opencode::output::from_yaml;
use serde_json::Value;

/// Platforms that krew can ask for and we answer.
const PLATFORMS: [(&str, &str); 5] =
    [("linux", "amd64"), ("linux", "arm64"), ("darwin", "amd64"), ("darwin", "arm64"), ("windows", "amd64")];

fn release(words: &[&str], out: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/release");
    let done = Command::new("python3").arg(script).args(words).arg("--out").arg(out).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
    assert!(done.status.success(), "{stdout}{stderr}");
    stdout + &stderr
}

fn archive(system: &str, arch: &str) -> String {
    let suffix = if system == "windows" { "zip" } else { "tar.gz" };
    format!("kubectl-opencode-v{}-{system}-{arch}.{suffix}", env!("CARGO_PKG_VERSION"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

#[test]
fn the_archive_installs_and_krew_can_take_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    // Built already; the other platforms' archives are made elsewhere.
    let told = release(&["archive", "--binary", env!("CARGO_BIN_EXE_kubectl-opencode")], out);
    assert!(told.contains("installed, ran and removed"), "{told}");
    for (system, arch) in PLATFORMS {
        let path = out.join(archive(system, arch));
        if !path.exists() {
            std::fs::write(&path, format!("{system} {arch}")).unwrap();
        }
    }
    release(&["manifest", "--url", "https://example.com/v1", "--homepage", "https://example.com"], out);
    let manifest = from_yaml(&std::fs::read_to_string(out.join("opencode.yaml")).unwrap()).unwrap().remove(0);
    follows_krews_rules("opencode", &manifest);
    let system = (std::env::consts::OS, if std::env::consts::ARCH == "aarch64" { "arm64" } else { "amd64" });
    let program = installed_as_krew_does(&manifest, system, out);
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let run =
        Command::new("kubectl").args(["opencode", "version"]).env("PATH", path).env("HOME", out).output().unwrap();
    let version = String::from_utf8(run.stdout).unwrap();
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

/// `ValidatePlugin` of krew.
fn follows_krews_rules(name: &str, plugin: &Value) {
    assert_eq!(text(plugin, "/apiVersion"), "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!(text(plugin, "/kind"), "Plugin");
    assert_eq!(text(plugin, "/metadata/name"), name);
    assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)));
    let short = text(plugin, "/spec/shortDescription");
    assert!(!short.is_empty() && !short.contains(['\r', '\n']) && short.len() <= 50, "{short}");
    assert!(!text(plugin, "/spec/description").is_empty());
    let version = text(plugin, "/spec/version").strip_prefix('v').expect("a version begins with v");
    assert_eq!(version.split('-').next().unwrap().split('.').filter_map(|part| part.parse::<u32>().ok()).count(), 3);
    let platforms = plugin["spec"]["platforms"].as_array().unwrap();
    assert_eq!(platforms.len(), PLATFORMS.len());
    for platform in platforms {
        let sum = text(platform, "/sha256");
        let is_sum = sum.len() == 64 && sum.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'));
        assert!(is_sum, "{sum}");
        assert!(!text(platform, "/bin").is_empty());
        let labels = platform["selector"]["matchLabels"].as_object().unwrap();
        assert!(!labels.is_empty() && labels.keys().all(|key| key == "os" || key == "arch"), "{labels:?}");
        let uri = text(platform, "/uri");
        assert!(uri.starts_with("https://") && [".zip", ".tar.gz"].iter().any(|suffix| uri.ends_with(suffix)), "{uri}");
        assert!(uri.ends_with(&archive(
            text(platform, "/selector/matchLabels/os"),
            text(platform, "/selector/matchLabels/arch")
        )));
        let suffix = if labels["os"] == "windows" { ".exe" } else { "" };
        assert_eq!(text(platform, "/bin"), format!("kubectl-opencode{suffix}"));
        assert!(platform.get("files").is_none(), "all files are wanted");
    }
}

/// Does what `kubectl krew install` does, with files from `out` in place of downloads; the answer is the link that it makes.
fn installed_as_krew_does(plugin: &Value, (system, arch): (&str, &str), out: &Path) -> PathBuf {
    let platforms = plugin["spec"]["platforms"].as_array().unwrap();
    let fits = |platform: &&Value| {
        text(platform, "/selector/matchLabels/os") == system && text(platform, "/selector/matchLabels/arch") == arch
    };
    let platform = platforms.iter().find(fits).unwrap();
    let archive = out.join(text(platform, "/uri").rsplit('/').next().unwrap());
    let sum = Command::new("sha256sum").arg(&archive).output().unwrap();
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(text(platform, "/sha256")));
    let listed = Command::new("tar").arg("tvzf").arg(&archive).output().unwrap();
    for line in String::from_utf8(listed.stdout).unwrap().lines() {
        // `extractTARGZ` knows folders and plain files, and refuses the rest of an archive.
        assert!(line.starts_with('-') && !line.contains(".."), "{line}");
    }
    let store = out.join("store");
    std::fs::create_dir(&store).unwrap();
    assert!(Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(&store).status().unwrap().success());
    assert!(store.join("LICENSE").is_file());
    let bin = out.join("bin");
    std::fs::create_dir(&bin).unwrap();
    let link = bin.join("kubectl-opencode");
    std::os::unix::fs::symlink(store.join(text(platform, "/bin")), &link).unwrap();
    link
}
