//! `events --notify`: a command that is run or an address that is told at each change of a state.
//!
//! A notification is tried a few times with growing pauses, while the stream waits; one that cannot be delivered is told on
//! stderr and never ends the stream. The address of a webhook is often a secret by itself: of it, only the host is ever
//! shown. A token for it comes from the environment, and goes into the header `Authorization`.

use std::process::Stdio;
use std::time::Duration;

use http::{HeaderValue, Request, Uri, header};
use tokio::io::AsyncWriteExt as _;
use tower::BoxError;

use super::Happened;
use crate::commands::Context;
use crate::error::{Error, Result};

/// Variable with the token of webhooks.
const TOKEN: &str = "KUBECTL_OPENCODE_WEBHOOK_TOKEN";
/// Pauses before each further try.
const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(8)];
/// Longest time of all tries together.
const LONGEST: Duration = Duration::from_secs(20);

/// Whom to tell, and of what.
pub struct Notifier {
    targets: Vec<Target>,
    /// States in lower case without hyphens; all if none.
    states: Vec<String>,
}

enum Target {
    Command(String),
    Webhook(Uri),
}

impl Notifier {
    /// Reads what was typed.
    pub fn read(typed: &[String], states: &[String]) -> Result<Self> {
        let targets = typed.iter().map(|typed| Target::read(typed)).collect::<Result<Vec<_>>>()?;
        if targets.iter().any(|target| matches!(target, Target::Webhook(_))) {
            authorization()?;
        }
        let states = states.iter().map(|state| state.to_ascii_lowercase().replace('-', "")).collect();
        Ok(Self { targets, states })
    }

    fn is_meant(&self, happened: &Happened) -> bool {
        happened.state.as_ref().is_some_and(|state| self.states.is_empty() || self.states.contains(state))
    }

    /// Tells everybody of a change, if it is one that is wanted.
    pub async fn tell(&self, context: &Context, happened: &Happened) {
        if !self.is_meant(happened) {
            return;
        }
        let text = happened.value().to_string();
        for target in &self.targets {
            if let Err(why) = target.deliver(&text, &PAUSES).await {
                let reference = &happened.reference;
                context.printer.warn(&format!("could not notify {} about {reference}: {why}", target.shown()));
            }
        }
    }
}

impl Target {
    fn read(typed: &str) -> Result<Self> {
        let unknown = || Error::usage("--notify: write exec=COMMAND or webhook=URL");
        match typed.split_once('=').ok_or_else(unknown)? {
            ("exec", command) if !command.trim().is_empty() => Ok(Self::Command(command.to_owned())),
            ("webhook", url) => {
                let url = match url.strip_prefix('@') {
                    Some(file) => std::fs::read_to_string(file)
                        .map_err(|error| Error::usage(format!("--notify: cannot read \"{file}\"")).caused_by(&error))?,
                    None => url.to_owned(),
                };
                // What is wrong with it is not shown: it may be a secret.
                let uri = url.trim().parse::<Uri>().ok();
                let uri = uri.filter(|uri| uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https")));
                let bad =
                    || Error::usage("--notify: the webhook's address is no URL that begins with http:// or https://");
                uri.map(Self::Webhook).ok_or_else(bad)
            }
            _ => Err(unknown()),
        }
    }

    /// What may be shown of it.
    fn shown(&self) -> String {
        match self {
            Self::Command(_) => "the command".to_owned(),
            Self::Webhook(uri) => format!("the webhook at {}", uri.host().unwrap_or_default()),
        }
    }

    async fn deliver(&self, text: &str, pauses: &[Duration]) -> Result<(), String> {
        let mut pauses = pauses.iter();
        let tries = async {
            loop {
                let Err(why) = self.once(text).await else { return Ok(()) };
                match pauses.next() {
                    Some(pause) => tokio::time::sleep(*pause).await,
                    None => return Err(why),
                }
            }
        };
        let told = tokio::time::timeout(LONGEST, tries).await;
        told.unwrap_or_else(|_| Err(format!("no end within {} s", LONGEST.as_secs())))
    }

    async fn once(&self, text: &str) -> Result<(), String> {
        match self {
            Self::Command(command) => run(command, text).await,
            Self::Webhook(uri) => post(uri, text).await,
        }
    }
}

async fn run(command: &str, text: &str) -> Result<(), String> {
    let child = tokio::process::Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        // Our standard output is for the events.
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = child.map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        // A command that does not read what it is told is none the worse for it.
        let _ = input.write_all(text.as_bytes()).await;
    }
    let status = child.wait().await.map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(ended(status)) }
}

/// As in `exit status 3`.
fn ended(status: std::process::ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("exit status {code}"))
}

/// The header that holds the token, if there is one.
fn authorization() -> Result<Option<HeaderValue>> {
    let Some(token) = std::env::var(TOKEN).ok().filter(|token| !token.is_empty()) else { return Ok(None) };
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::usage(format!("{TOKEN} holds a character that no token has")))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

async fn post(uri: &Uri, text: &str) -> Result<(), String> {
    // The texts of these errors may hold the whole address.
    let answer = send(uri, text).await.map_err(|_| "it cannot be reached".to_owned())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("it answered with status {}", answer.status())) }
}

/// The library of the cluster's client speaks HTTP and TLS; nothing of the cluster's login is in it.
async fn send(uri: &Uri, text: &str) -> Result<http::Response<kube::client::Body>, BoxError> {
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let server = Uri::builder().scheme(scheme).authority(host).path_and_query("/").build()?;
    let client = kube::Client::try_from(kube::Config::new(server))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = authorization()? {
        request = request.header(header::AUTHORIZATION, token);
    }
    Ok(client.send(request.body(kube::client::Body::from(text.as_bytes().to_vec()))?).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_and_their_secrets_are_not_shown() {
        let read = |typed: &str| Target::read(typed);
        assert_eq!(
            read("webhook=https://hooks.example.com/T0/secret").unwrap().shown(),
            "the webhook at hooks.example.com"
        );
        assert_eq!(read("exec=notify-send x --token=secret").unwrap().shown(), "the command");
        for bad in ["webhook=ftp://x/secret", "webhook=secret", "exec=", "mail=x", "secret"] {
            let error = read(bad).err().unwrap();
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_command_gets_the_change_and_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let (seen, tries) = (folder.path().join("seen"), folder.path().join("tries"));
        let command = format!("echo x >> {0}; cat > {1}; test $(wc -l < {0}) -ge 2", tries.display(), seen.display());
        let target = Target::Command(command);
        target.deliver("{\"a\":1}", &[Duration::ZERO; 3]).await.unwrap();
        assert_eq!(std::fs::read_to_string(&seen).unwrap(), "{\"a\":1}");
        assert_eq!(std::fs::read_to_string(&tries).unwrap().lines().count(), 2);
        let never = Target::Command("exit 3".to_owned()).deliver("", &[Duration::ZERO]).await.unwrap_err();
        assert!(never.contains('3'), "{never}");
    }

    #[tokio::test]
    async fn a_webhook_is_told_where_it_is_and_again_when_it_fails() {
        use tokio::io::AsyncReadExt as _;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let mut seen = Vec::new();
            for status in ["500 Internal Server Error", "204 No Content"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"{\"a\":1}") {
                    assert!(stream.read_buf(&mut request).await.unwrap() > 0);
                }
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                seen.push(String::from_utf8(request).unwrap());
            }
            seen
        });
        let _ = rustls::crypto::ring::default_provider().install_default();
        let target = Target::read(&format!("webhook=http://{address}/T0/secret?x=1")).unwrap();
        target.deliver("{\"a\":1}", &[Duration::ZERO]).await.unwrap();
        let seen = server.await.unwrap();
        assert!(seen.iter().all(|request| request.starts_with("POST /T0/secret?x=1 HTTP/1.1\r\n")), "{seen:?}");
        let gone = target.deliver("", &[]).await.unwrap_err();
        assert!(!gone.contains("secret"), "{gone}");
    }

    #[test]
    fn only_the_wanted_states_are_told() {
        let happened = |state: Option<&str>| Happened {
            time: None,
            namespace: String::new(),
            reference: String::new(),
            kind: String::new(),
            reason: String::new(),
            message: String::new(),
            state: state.map(str::to_owned),
        };
        let some = Notifier::read(&[], &["waiting-input".to_owned(), "Failed".to_owned()]).unwrap();
        assert!(some.is_meant(&happened(Some("waitinginput"))) && some.is_meant(&happened(Some("failed"))));
        assert!(!some.is_meant(&happened(Some("idle"))) && !some.is_meant(&happened(None)));
        assert!(Notifier::read(&[], &[]).unwrap().is_meant(&happened(Some("idle"))));
    }
}
