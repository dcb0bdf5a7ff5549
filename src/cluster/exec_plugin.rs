//! Credential plugins of the kubeconfig (`exec`): when they may use the terminal, and what is told when they fail.
//!
//! Source of the rules: `k8s.io/client-go/plugin/pkg/client/auth/exec`. A plugin is interactive only if standard input is a
//! terminal and this program does not use it itself: else it would eat piped manifests or keystrokes.

use std::io::IsTerminal as _;

use http::HeaderValue;
use kube::client::AuthError;
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};

use crate::error::{Code, Error, Result};

/// Most lines of a plugin's words that are shown.
const MOST_LINES: usize = 5;

/// Keeps the plugin from standard input where it must not have it.
pub(super) fn guard_stdin(auth: &mut AuthInfo, stdin_in_use: bool) -> Result<()> {
    let Some(exec) = &mut auth.exec else { return Ok(()) };
    if std::io::stdin().is_terminal() && !stdin_in_use {
        return Ok(());
    }
    if exec.interactive_mode == Some(ExecInteractiveMode::Always) {
        let is_terminal = std::io::stdin().is_terminal();
        let why = if is_terminal { "this command uses it itself" } else { "it is not a terminal" };
        return Err(Error::new(Code::Unauthenticated, "the kubeconfig's credential plugin wants standard input")
            .because(why)
            .hint("log in first with another command, such as `kubectl auth whoami`"));
    }
    exec.interactive_mode = Some(ExecInteractiveMode::Never);
    Ok(())
}

/// Refuses a token that cannot be sent, at which the library would break down.
pub(super) fn check_token(auth: &AuthInfo) -> Result<()> {
    // The only way to read it that the library offers.
    let auth = serde_json::to_value(auth).unwrap_or_default();
    match auth["token"].as_str().map(HeaderValue::from_str) {
        Some(Err(_)) => Err(Error::new(Code::InvalidConfiguration, "the kubeconfig's token cannot be sent")
            .because("it holds a line feed, or another character that no token has")
            .hint("kubectl config set-credentials USER --token=TOKEN")),
        _ => Ok(()),
    }
}

/// The failure to make a client, in the product's words.
pub(super) fn explain(error: kube::Error, plugin: Option<&ExecConfig>) -> Error {
    match error {
        kube::Error::Auth(error) => auth_error(&error, plugin),
        other => Error::new(Code::InvalidConfiguration, "the kubeconfig cannot be used").caused_by(&other),
    }
}

/// A failure of credentials. The library's own text is never shown: it quotes the plugin's environment and its output.
pub(super) fn auth_error(error: &AuthError, plugin: Option<&ExecConfig>) -> Error {
    let command = plugin.and_then(|plugin| plugin.command.as_deref()).unwrap_or_default();
    let named =
        if command.is_empty() { "credential plugin".to_owned() } else { format!("credential plugin {command:?}") };
    match error {
        AuthError::AuthExecStart(source) => {
            let error =
                Error::new(Code::Unauthenticated, format!("cannot run the kubeconfig's {named}")).caused_by(source);
            match plugin.and_then(|plugin| plugin.install_hint.as_deref()) {
                Some(hint) => error.hint(hint.trim()),
                None => error.hint("install it; `kubectl auth whoami` shows what kubectl makes of it"),
            }
        }
        AuthError::AuthExecRun { out, .. } => {
            let mut error =
                Error::new(Code::Unauthenticated, format!("the kubeconfig's {named} failed with {}", out.status));
            let words = String::from_utf8_lossy(&out.stderr);
            for line in words.lines().filter(|line| !line.trim().is_empty()).take(MOST_LINES) {
                error = error.because(line.trim());
            }
            error.hint("log in again with your provider's tool, then run this command again")
        }
        AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed => {
            Error::new(Code::Unauthenticated, format!("the kubeconfig's {named} answered no credential"))
                .hint("kubectl auth whoami shows what kubectl makes of it")
        }
        AuthError::ReadTokenFile(source, path) => Error::new(
            Code::InvalidConfiguration,
            format!("cannot read the kubeconfig's token file {}", path.display()),
        )
        .caused_by(source),
        _ => Error::new(Code::Unauthenticated, "the kubeconfig's credentials cannot be used")
            .hint("kubectl auth whoami shows what kubectl makes of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{ExitStatus, Output};

    #[test]
    fn a_failed_plugin_s_environment_and_output_stay_secret() {
        let output = Output {
            status: ExitStatus::from_raw(256),
            stdout: b"token-abc".to_vec(),
            stderr: b"session expired\n".to_vec(),
        };
        let error = AuthError::AuthExecRun { cmd: "SECRET=\"abc123\" \"plugin\"".into(), out: Box::new(output) };
        let plugin = ExecConfig { command: Some("plugin".into()), ..ExecConfig::default() };
        let shown = auth_error(&error, Some(&plugin));
        let text = format!("{shown:?}");
        assert!(!text.contains("abc"), "{text}");
        assert_eq!(shown.code, Code::Unauthenticated);
        assert_eq!(shown.causes, ["session expired"]);
    }

    #[test]
    fn a_plugin_gets_no_stdin_that_is_in_use() {
        let mut auth = AuthInfo { exec: Some(ExecConfig::default()), ..AuthInfo::default() };
        guard_stdin(&mut auth, true).unwrap();
        assert_eq!(auth.exec.as_ref().unwrap().interactive_mode, Some(ExecInteractiveMode::Never));
        auth.exec.as_mut().unwrap().interactive_mode = Some(ExecInteractiveMode::Always);
        assert_eq!(guard_stdin(&mut auth, true).unwrap_err().code, Code::Unauthenticated);
    }

    #[test]
    fn a_missing_plugin_shows_how_to_install_it() {
        let plugin = ExecConfig {
            command: Some("no-such".into()),
            install_hint: Some("brew install no-such".into()),
            ..ExecConfig::default()
        };
        let error = AuthError::AuthExecStart(std::io::Error::from(std::io::ErrorKind::NotFound));
        assert_eq!(auth_error(&error, Some(&plugin)).hint.as_deref(), Some("brew install no-such"));
    }
}
