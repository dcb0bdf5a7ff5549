//! Git repositories in the workspace of an Agent: cloned, brought to a branch, removed, each by one run of a small script
//! on a terminal of the OpenCode server.
//!
//! A terminal asks for no right but the way to the server, runs as the Agent does, with its credentials, and is left out of
//! the conversation, as `POST /session/{id}/shell` is not. What the script is to do is in its arguments, so a controller
//! that was killed finds the run again by its title; one that ended unseen is made again and finds its work done.

use std::time::Duration;

use crate::api::conditions::reasons;
use crate::opencode::{Client, Error, NewPty, Pty, PtyEvent, Replay};

const SCRIPT: &str = include_str!("checkout.sh");
/// The script's last line begins so.
const MARK: &str = "kubectl-opencode:";
/// Most output that is remembered.
const OUTPUT_LIMIT: usize = 16 * 1024;

/// One folder, and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checkout {
    /// Folder in the Session's directory.
    pub folder: String,
    /// What is to be in it; `None` removes it.
    pub source: Option<Source>,
}

/// Where a folder comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// URL.
    pub url: String,
    /// Branch; the remote's default if absent.
    pub branch: Option<String>,
    /// A folder that has to be in the repository.
    pub path: Option<String>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it is to be.
    Done,
    /// Not, and why.
    Failed {
        /// Reason of a condition.
        reason: &'static str,
        /// For people; never a secret.
        message: String,
    },
}

impl Outcome {
    fn failed(reason: &'static str, message: impl Into<String>) -> Self {
        Self::Failed { reason, message: message.into() }
    }

    /// Whether trying again without a change of the spec may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Failed { reason, .. }
            if [reasons::CLONE_FAILED, reasons::CLONE_TIMEOUT, reasons::NO_SPACE].contains(reason))
    }
}

impl Source {
    /// What is wrong with it, before anybody is asked.
    fn problem(&self) -> Option<Outcome> {
        let odd = |text: &str| text.starts_with('-') || text.chars().any(|char| char.is_control() || char == ' ');
        let authority =
            self.url.split_once("://").map(|(scheme, rest)| (scheme, rest.split('/').next().unwrap_or(rest)));
        // `user@host` of SSH is no secret; a token before the `@` of a web address is.
        let has_secret = authority.and_then(|(scheme, authority)| Some((scheme, authority.rsplit_once('@')?.0)));
        if has_secret.is_some_and(|(scheme, user)| scheme.starts_with("http") || user.contains(':')) {
            let message =
                "the URL carries credentials, which everybody could read here; give them to the Agent instead";
            return Some(Outcome::failed(reasons::INVALID_URL, message));
        }
        // `ext::…` and its like run programs.
        if odd(&self.url) || self.url.contains("::") {
            return Some(Outcome::failed(reasons::INVALID_URL, "this is no URL that git clones from"));
        }
        if self.branch.as_deref().is_some_and(|branch| odd(branch) || branch.is_empty()) {
            return Some(Outcome::failed(reasons::BRANCH_NOT_FOUND, "no branch has this name"));
        }
        let leaves = |path: &str| path.starts_with('/') || path.split('/').any(|part| part == "..");
        if self.path.as_deref().is_some_and(|path| leaves(path) || odd(path)) {
            return Some(Outcome::failed(reasons::PATH_NOT_FOUND, "the path leaves the repository"));
        }
        None
    }
}

impl Checkout {
    fn arguments(&self, directory: &str, uid: &str) -> Vec<String> {
        let source = self.source.as_ref();
        let verb = if source.is_some() { "ensure" } else { "remove" };
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        let mut arguments = ["-c", SCRIPT, "checkout", verb, directory, &self.folder, uid].map(str::to_owned).to_vec();
        arguments.push(text(source.map(|source| &source.url)));
        arguments.push(text(source.and_then(|source| source.branch.as_ref())));
        arguments.push(text(source.and_then(|source| source.path.as_ref())));
        arguments
    }

    /// Does it within `limit`, in `directory`, for the Session with this UID. `home` speaks about the server's own directory, as that of
    /// the Session need not exist yet.
    pub async fn run(&self, home: &Client, directory: &str, uid: &str, limit: Duration) -> Result<Outcome, Error> {
        if matches!(&*self.folder, "" | "." | "..") || self.folder.starts_with('-') || self.folder.contains(['/', '\0'])
        {
            return Ok(Outcome::failed(reasons::INVALID_URL, format!("{:?} is no name of a folder", self.folder)));
        }
        if let Some(problem) = self.source.as_ref().and_then(Source::problem) {
            return Ok(problem);
        }
        let title = format!("{} {}", title(uid), self.folder);
        let arguments = self.arguments(directory, uid);
        let mut found = None;
        for pty in home.ptys().await? {
            if pty.title != title || !pty.is_running() {
                continue;
            }
            // The server appends `-l` to the arguments of a shell.
            if found.is_none() && pty.args.starts_with(&arguments) {
                found = Some(pty);
            } else {
                remove(home, &pty).await?;
            }
        }
        let pty = if let Some(pty) = found {
            pty
        } else {
            let new =
                NewPty { command: Some("sh".to_owned()), args: arguments, title: Some(title), ..NewPty::default() };
            home.create_pty(&new).await?
        };
        let output = tokio::time::timeout(limit, read_to_end(home, &pty)).await;
        // Kept by the server with its exit code, if it ended; to be stopped, if not.
        let removed = remove(home, &pty).await;
        let Ok(output) = output else {
            removed?;
            return Ok(Outcome::failed(reasons::CLONE_TIMEOUT, format!("not done within {} s", limit.as_secs())));
        };
        let outcome = outcome(&output?);
        removed?;
        Ok(outcome)
    }
}

/// Ends what still runs for the Session with this UID.
pub async fn cancel(home: &Client, uid: &str) -> Result<(), Error> {
    let begin = title(uid);
    for pty in home.ptys().await? {
        if pty.title.starts_with(&begin) {
            remove(home, &pty).await?;
        }
    }
    Ok(())
}

fn title(uid: &str) -> String {
    format!("kubectl-opencode checkout {uid}")
}

async fn remove(home: &Client, pty: &Pty) -> Result<(), Error> {
    match home.delete_pty(&pty.id).await {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(()),
    }
}

async fn read_to_end(home: &Client, pty: &Pty) -> Result<String, Error> {
    let mut stream = home.connect_pty(&pty.id, Replay::All).await?;
    stream.input.send(b"\n").await?;
    let mut output = String::new();
    loop {
        match stream.output.next().await? {
            PtyEvent::Text(text) => {
                output.push_str(&text);
                if output.len() > 2 * OUTPUT_LIMIT {
                    output = output.chars().rev().take(OUTPUT_LIMIT).collect::<Vec<_>>().into_iter().rev().collect();
                }
            }
            PtyEvent::Closed => return Ok(output),
            PtyEvent::Replayed { .. } | PtyEvent::Pong { .. } => {}
        }
    }
}

/// What the script's output says.
fn outcome(output: &str) -> Outcome {
    let lines: Vec<_> = output.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let word = lines.iter().rev().find_map(|line| line.strip_prefix(MARK));
    let text = told(&lines);
    match word {
        Some("Cloned" | "Removed") => Outcome::Done,
        Some(reasons::FOLDER_TAKEN) => {
            Outcome::failed(reasons::FOLDER_TAKEN, "something else is in its folder, and is left as it is")
        }
        Some(reasons::LOCAL_CHANGES) => {
            Outcome::failed(reasons::LOCAL_CHANGES, "it holds work that is on no remote, and is left as it is")
        }
        Some(reasons::PATH_NOT_FOUND) => Outcome::failed(reasons::PATH_NOT_FOUND, "the repository has no such folder"),
        Some(reasons::NO_GIT) => Outcome::failed(reasons::NO_GIT, "the Agent's image has no git"),
        Some(_) => Outcome::failed(reason(&text), text),
        None => Outcome::failed(reasons::CLONE_FAILED, "git was ended before it was done"),
    }
}

/// What git said last, in its own words but without credentials.
fn told(lines: &[&str]) -> String {
    let of_git = |line: &&&str| ["fatal:", "error:", "remote:", "ssh:"].iter().any(|begin| line.starts_with(begin));
    let mut said: Vec<_> = lines.iter().rev().filter(of_git).take(3).copied().collect();
    if said.is_empty() {
        said = lines.iter().rev().filter(|line| !line.starts_with(MARK)).take(1).copied().collect();
    }
    said.reverse();
    let text = said.join("; ");
    let mut clean = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        clean.push_str(before);
        let authority = after.find(|char: char| "/'\" ;".contains(char)).unwrap_or(after.len());
        rest = after[..authority].rfind('@').map_or(after, |at| &after[at + 1..]);
    }
    clean + rest
}

fn reason(text: &str) -> &'static str {
    let text = text.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if says(&["remote branch", "couldn't find remote ref", "did not match any file"]) {
        reasons::BRANCH_NOT_FOUND
    } else if says(&[
        "could not read username",
        "could not read password",
        "authentication failed",
        "permission denied",
        "host key verification failed",
        "error: 401",
        "error: 403",
    ]) {
        reasons::AUTHENTICATION_REQUIRED
    } else if says(&["no space left", "disk quota exceeded"]) {
        reasons::NO_SPACE
    } else if says(&["would be overwritten"]) {
        reasons::LOCAL_CHANGES
    } else if says(&["not allowed", "unable to find remote helper", "is not supported"]) {
        reasons::INVALID_URL
    } else if says(&["not found", "does not exist", "does not appear to be a git repository"]) {
        reasons::REPOSITORY_NOT_FOUND
    } else {
        reasons::CLONE_FAILED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason_of(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Done => "",
            Outcome::Failed { reason, .. } => reason,
        }
    }

    #[test]
    fn what_git_says_becomes_a_reason() {
        for (said, expected) in [
            ("kubectl-opencode:Cloned", ""),
            ("warning: empty\r\n\r\nkubectl-opencode:Cloned\r\n", ""),
            ("fatal: repository '/no/such' does not exist\nkubectl-opencode:CloneFailed", "RepositoryNotFound"),
            (
                "fatal: could not read Username for 'https://x': terminal prompts disabled\nkubectl-opencode:CloneFailed",
                "AuthenticationRequired",
            ),
            (
                "warning: x\nfatal: Remote branch nope not found in upstream origin\nkubectl-opencode:CloneFailed",
                "BranchNotFound",
            ),
            ("error: file write error: No space left on device\nkubectl-opencode:CloneFailed", "NoSpace"),
            ("fatal: transport 'ext' not allowed\nkubectl-opencode:CloneFailed", "InvalidURL"),
            (
                "fatal: unable to access 'https://x/': Could not resolve host: x\nkubectl-opencode:CloneFailed",
                "CloneFailed",
            ),
            ("kubectl-opencode:FolderTaken", "FolderTaken"),
            ("cloning", "CloneFailed"),
        ] {
            assert_eq!(reason_of(&outcome(said)), expected, "{said}");
        }
    }

    #[test]
    fn credentials_are_not_repeated() {
        let said =
            "fatal: Authentication failed for 'https://bob:hunter2@example.com/x.git/'\nkubectl-opencode:CloneFailed";
        let Outcome::Failed { message, .. } = outcome(said) else { panic!() };
        assert_eq!(message, "fatal: Authentication failed for 'https://example.com/x.git/'");
    }

    #[test]
    fn sources_that_would_harm_are_refused_unasked() {
        let problem = |url: &str, branch: Option<&str>, path: Option<&str>| {
            let source = Source { url: url.into(), branch: branch.map(Into::into), path: path.map(Into::into) };
            source.problem().map_or("", |problem| reason_of(&problem))
        };
        for url in ["ext::sh -c x", "--upload-pack=x", "https://token@example.com/x", "ssh://u:p@h/x", "a b"] {
            assert_eq!(problem(url, None, None), "InvalidURL", "{url}");
        }
        for url in ["https://example.com/a@b", "git@github.com:a/b.git", "ssh://git@h/x", "/srv/x.git", "file:///x"] {
            assert_eq!(problem(url, Some("main"), Some("a/b")), "", "{url}");
        }
        assert_eq!(problem("/x", Some("--force"), None), "BranchNotFound");
        assert_eq!(problem("/x", None, Some("../x")), "PathNotFound");
    }
}
