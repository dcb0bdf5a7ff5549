//! `doctor`: what stands between this user and this cluster, check by check, each with the command that helps.
//!
//! The checks go from the kubeconfig outwards; where one makes the next ones pointless, they are left out. Nothing is
//! written but access reviews, which change nothing.

mod objects;
mod rights;

use std::time::Instant;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::APIResourceList;
use serde_json::{Value, json};

use super::Context;
use crate::cli::doctor::Doctor;
use crate::cluster::{self, Cluster, Request};
use crate::error::{Code, Error, Result};
use crate::output::{Format, Table};

/// How a check turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Something will not work, and may not be wanted.
    Warn,
    /// Nothing will work, or an object needs a person.
    Fail,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// One check.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    check: &'static str,
    verdict: Verdict,
    /// What was found.
    detail: String,
    /// The command to run next.
    hint: Option<String>,
}

impl Finding {
    fn new(check: &'static str, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { check, verdict, detail: detail.into(), hint: None }
    }

    fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Verdict::Ok, detail)
    }

    fn warn(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Verdict::Warn, detail)
    }

    fn fail(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Verdict::Fail, detail)
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What an error says, with its causes and its hint.
    fn of(check: &'static str, verdict: Verdict, error: &Error) -> Self {
        let mut detail = error.message.clone();
        for cause in &error.causes {
            detail.push_str(": ");
            detail.push_str(cause);
        }
        Self { hint: error.hint.clone(), ..Self::new(check, verdict, detail) }
    }
}

/// Looks at everything, tells it, and fails if a check did.
pub async fn run(context: &Context, args: &Doctor) -> Result<()> {
    let findings = examine(context).await;
    match args.output.format() {
        Format::Table | Format::Wide => {
            context.printer.print(&table(&findings).render(true, context.printer.colour()))?;
        }
        format => context.printer.structured(&to_json(&findings), &format, true)?,
    }
    let failed = findings.iter().filter(|finding| finding.verdict == Verdict::Fail).count();
    match failed {
        0 => Ok(()),
        1 => Err(Error::new(Code::PreflightFailed, "a check failed")),
        _ => Err(Error::new(Code::PreflightFailed, format!("{failed} checks failed"))),
    }
}

async fn examine(context: &Context) -> Vec<Finding> {
    let cluster = match context.cluster().await {
        Ok(cluster) => cluster,
        Err(error) => return vec![Finding::of("kubeconfig", Verdict::Fail, &error)],
    };
    let mut findings = vec![kubeconfig(context, cluster)];
    let user = match server(cluster).await {
        Err(finding) => {
            findings.push(finding);
            return findings;
        }
        Ok((server, user)) => {
            findings.push(server);
            let name = (user.verdict == Verdict::Ok).then(|| user.detail.clone());
            findings.push(user);
            name
        }
    };
    let (platform, sessions) = tokio::join!(platform(cluster), sessions(cluster));
    let (served, sessions_served) = (platform.verdict == Verdict::Ok, sessions.verdict == Verdict::Ok);
    findings.extend([platform, sessions]);
    findings.extend(rights::examine(cluster, user.as_deref()).await);
    if served {
        findings.extend(objects::examine(context, sessions_served).await);
    }
    findings
}

fn kubeconfig(context: &Context, cluster: &Cluster) -> Finding {
    let name =
        cluster.context.as_deref().map_or_else(|| "inside a Pod".to_owned(), |name| format!("context \"{name}\""));
    let server = cluster.server.trim_end_matches('/');
    let found = format!("{name}, {server}, namespace \"{}\"", cluster.namespace);
    if context.global.connection.insecure_skip_tls_verify {
        return Finding::warn("kubeconfig", format!("{found}; the server's certificate is not checked"));
    }
    Finding::ok("kubeconfig", found)
}

/// The API server's version and our name there; without an answer nothing else can be looked at.
async fn server(cluster: &Cluster) -> Result<(Finding, Finding), Finding> {
    let begin = Instant::now();
    let version = cluster.client.apiserver_version().await.map_err(|error| {
        let error = cluster::api_error(error, &Request::new("get", "version"));
        Finding::of("api server", Verdict::Fail, &error)
    })?;
    let answered = format!("{} in {} ms", version.git_version, begin.elapsed().as_millis());
    let user = match cluster::who_am_i(&cluster.client).await {
        Ok(Some(user)) => Finding::ok("user", user),
        Ok(None) => Finding::warn("user", "the API server does not say who you are"),
        Err(error) => {
            let error = cluster::api_error(error, &Request::new("create", "selfsubjectreviews.authentication.k8s.io"));
            let verdict = if error.code == Code::Unauthenticated { Verdict::Fail } else { Verdict::Warn };
            Finding::of("user", verdict, &error)
        }
    };
    if user.verdict == Verdict::Fail {
        return Err(user);
    }
    Ok((Finding::ok("api server", answered), user))
}

/// Whether the platform's API is served, with everything that this program works with.
async fn platform(cluster: &Cluster) -> Finding {
    const NEEDED: [&str; 4] = ["tasks", "agents", "agenttemplates", "crontasks"];
    match resources(cluster, "kubeopencode.io", "tasks.kubeopencode.io").await {
        Err(error) => Finding::of("kubeopencode", Verdict::Fail, &error),
        Ok(served) => {
            let missing: Vec<_> = NEEDED.into_iter().filter(|name| !served.iter().any(|found| found == name)).collect();
            if missing.is_empty() {
                Finding::ok("kubeopencode", "kubeopencode.io/v1alpha1 is served")
            } else {
                Finding::warn("kubeopencode", format!("kubeopencode.io/v1alpha1 lacks {}", missing.join(", ")))
                    .hint("bring KubeOpenCode up to date; Helm does not update its definitions by itself")
            }
        }
    }
}

async fn sessions(cluster: &Cluster) -> Finding {
    match resources(cluster, "session.kubeopencode.io", "sessions.session.kubeopencode.io").await {
        Ok(_) => Finding::ok("session api", "session.kubeopencode.io/v1alpha1 is served"),
        Err(error) if error.code == Code::Unsupported => Finding::of("session api", Verdict::Warn, &error),
        Err(error) => Finding::of("session api", Verdict::Fail, &error),
    }
}

async fn resources(cluster: &Cluster, group: &str, resource: &str) -> Result<Vec<String>> {
    let request = http::Request::get(format!("/apis/{group}/v1alpha1")).body(Vec::new()).map_err(Error::unexpected)?;
    let list: APIResourceList = cluster
        .client
        .request(request)
        .await
        .map_err(|error| cluster::api_error(error, &Request::new("get", resource)))?;
    Ok(list.resources.into_iter().map(|resource| resource.name).collect())
}

fn table(findings: &[Finding]) -> Table {
    let mut table = Table::new(["Status", "Check", "Found"]);
    for finding in findings {
        table.row([finding.verdict.as_str(), finding.check, &finding.detail]);
        if let Some(hint) = &finding.hint {
            table.row(["", "", &format!("hint: {hint}")]);
        }
    }
    table
}

fn to_json(findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({"check": finding.check, "status": finding.verdict.as_str(), "found": finding.detail, "hint": finding.hint})
    });
    json!({"checks": checks.collect::<Vec<_>>()})
}
