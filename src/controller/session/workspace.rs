//! What a Session wants in its workspace beside the conversation: `spec.repos` and `spec.workflow`.
//!
//! Cloning takes from a second to minutes, so it is done beside the reconciler, once for each state of the spec and of the
//! server; the Session is looked at again when it is over. What may pass by itself is tried again, ever more seldom.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::ResourceExt;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::checkout::{Checkout, Outcome, Source};
use crate::api::conditions::{reasons, types};
use crate::api::session::{Repo, RepoStatus};
use crate::api::{Session, SessionStatus};
use crate::controller::link::Server;
use crate::controller::status::{Wanted, condition, remove_condition, set_condition};
use crate::opencode::Client;

/// Folder of the workflow in the Session's directory. No repository can have this name.
pub const WORKFLOW: &str = ".workflow";
/// Pause before what failed is tried again: doubles from the first to the second.
const RETRY: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));

/// How far the workspace is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Nothing is wanted, or what is wanted is known to be there.
    Settled,
    /// It is being worked on.
    Working,
    /// It was worked on, with these outcomes; `again_in` says when what failed is tried again.
    Ended {
        /// Of each folder.
        outcomes: Vec<(Checkout, Outcome)>,
        /// If trying again may help.
        again_in: Option<Duration>,
    },
}

impl Progress {
    /// What is not there though it is wanted, and why; what may pass by itself comes last.
    pub fn failure(&self) -> Option<(&Checkout, &'static str, &str, bool)> {
        let Self::Ended { outcomes, .. } = self else { return None };
        let failed = outcomes.iter().filter(|(checkout, _)| checkout.source.is_some());
        failed
            .filter_map(|(checkout, outcome)| match outcome {
                Outcome::Failed { reason, message } => Some((checkout, *reason, message.as_str(), outcome.may_pass())),
                Outcome::Done => None,
            })
            .min_by_key(|failure| failure.3)
    }
}

/// The work that is under way or done, by the Session's UID.
#[derive(Debug)]
pub struct Workspaces {
    works: Arc<Mutex<HashMap<String, Work>>>,
    limit: Duration,
}

#[derive(Debug)]
struct Work {
    key: u64,
    failures: u32,
    ended: Option<(Instant, Vec<(Checkout, Outcome)>)>,
    /// Ends with this.
    #[expect(dead_code, reason = "held for its end")]
    running: AbortOnDropHandle<()>,
}

/// Where, and for whom.
pub struct Place<'a> {
    /// Speaks about the server's own directory.
    pub home: &'a Client,
    /// The server.
    pub server: &'a Server,
    /// The Session's directory.
    pub directory: &'a str,
}

impl Workspaces {
    /// Nothing is under way; `limit` is for one folder.
    pub fn new(limit: Duration) -> Self {
        Self { works: Arc::default(), limit }
    }

    /// How far the workspace of `session` is; begins what is to be done. `wake` is called when it is over.
    pub fn look(&self, session: &Session, place: &Place<'_>, wake: impl FnOnce() + Send + 'static) -> Progress {
        let wanted = wanted(session);
        let uid = session.uid().unwrap_or_default();
        let key = key(session, place);
        let mut all = lock(&self.works);
        let mut failures = 0;
        match all.get(&uid).filter(|work| work.key == key) {
            Some(Work { ended: None, .. }) => return Progress::Working,
            Some(Work { ended: Some((at, outcomes)), failures: before, .. }) => {
                let may_pass = outcomes.iter().any(|(_, outcome)| outcome.may_pass());
                let pause = RETRY.0.saturating_mul(1 << before.saturating_sub(1).min(16)).min(RETRY.1);
                let left = pause.saturating_sub(at.elapsed());
                if !may_pass || !left.is_zero() {
                    return Progress::Ended { outcomes: outcomes.clone(), again_in: may_pass.then_some(left) };
                }
                failures = *before;
            }
            None if wanted.is_empty() || is_settled(session, place.server) => {
                all.remove(&uid);
                return Progress::Settled;
            }
            None => {}
        }
        let (home, directory, works, owner) =
            (place.home.clone(), place.directory.to_owned(), self.works.clone(), uid.clone());
        let limit = self.limit;
        let running = tokio::spawn(async move {
            let mut outcomes = Vec::new();
            for checkout in wanted {
                let outcome = checkout.run(&home, &directory, &owner, limit).await.unwrap_or_else(|error| {
                    Outcome::Failed { reason: reasons::CLONE_FAILED, message: error.to_string() }
                });
                outcomes.push((checkout, outcome));
            }
            if let Some(work) = lock(&works).get_mut(&owner).filter(|work| work.key == key) {
                let failed = outcomes.iter().any(|(_, outcome)| outcome.may_pass());
                work.failures = if failed { work.failures.saturating_add(1) } else { 0 };
                work.ended = Some((Instant::now(), outcomes));
            }
            wake();
        });
        // What ran for another state of the spec ends here.
        let running = AbortOnDropHandle::new(running);
        all.insert(uid, Work { key, failures, ended: None, running });
        Progress::Working
    }

    /// Ends what is under way.
    pub fn forget(&self, uid: &str) {
        lock(&self.works).remove(uid);
    }

    /// Ends what is under way for all Sessions but these.
    pub fn keep(&self, these: impl Fn(&str) -> bool) {
        lock(&self.works).retain(|uid, _| these(uid));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the Session has, or had, anything in its workspace.
pub fn is_used(session: &Session) -> bool {
    !wanted(session).is_empty()
}

/// What takes everything away again when the Session goes; what would be lost with it stays.
pub fn removals(session: &Session) -> Vec<Checkout> {
    wanted(session).into_iter().map(|checkout| Checkout { source: None, ..checkout }).collect()
}

fn of_repo(repo: &Repo) -> Checkout {
    let source = Source { url: repo.url.clone(), branch: repo.branch.clone(), path: None };
    Checkout { folder: repo.folder().to_owned(), source: Some(source) }
}

/// What is to be there, after what is to be there no more.
fn wanted(session: &Session) -> Vec<Checkout> {
    let spec = &session.spec;
    let mut wanted: Vec<Checkout> = Vec::new();
    for checkout in spec.repos.iter().map(of_repo) {
        // Two of one folder is a mistake that `SpecApplied` tells of.
        if !wanted.iter().any(|before| before.folder == checkout.folder) {
            wanted.push(checkout);
        }
    }
    if let Some(workflow) = &spec.workflow {
        let source = Source {
            url: workflow.git_url.clone(),
            branch: workflow.branch.clone(),
            path: workflow.path.clone().filter(|path| !path.is_empty()),
        };
        wanted.push(Checkout { folder: WORKFLOW.to_owned(), source: Some(source) });
    }
    let status = session.status.clone().unwrap_or_default();
    let had_workflow = condition(&status.conditions, types::WORKFLOW_READY).map(|_| WORKFLOW.to_owned());
    let had = status.repos.into_iter().map(|repo| repo.name).chain(had_workflow);
    let gone = had.filter(|folder| !wanted.iter().any(|checkout| checkout.folder == *folder));
    let mut all: Vec<_> = gone.map(|folder| Checkout { folder, source: None }).collect();
    all.append(&mut wanted);
    all
}

fn key(session: &Session, place: &Place<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for repo in &session.spec.repos {
        (&repo.url, &repo.branch, &repo.name).hash(&mut hasher);
    }
    let workflow = session.spec.workflow.as_ref();
    workflow.map(|workflow| (&workflow.git_url, &workflow.branch, &workflow.path)).hash(&mut hasher);
    (&place.server.uid, place.server.restarts, place.directory).hash(&mut hasher);
    hasher.finish()
}

/// Whether the status says that this very spec is done on this very Pod: a controller that begins need not look.
fn is_settled(session: &Session, server: &Server) -> bool {
    let status = session.status.clone().unwrap_or_default();
    let is_done = |type_: &str, wanted: bool| match condition(&status.conditions, type_) {
        Some(condition) => {
            wanted && condition.status == "True" && condition.observed_generation == session.metadata.generation
        }
        None => !wanted,
    };
    status.pod_name.as_deref() == Some(&server.pod)
        && is_done(types::REPOS_READY, !session.spec.repos.is_empty())
        && is_done(types::WORKFLOW_READY, session.spec.workflow.is_some())
}

/// Writes into a status how far the workspace is.
pub fn tell(session: &Session, next: &mut SessionStatus, progress: &Progress) {
    let (generation, now) = (session.metadata.generation, k8s_openapi::jiff::Timestamp::now());
    let outcomes = match progress {
        Progress::Settled => {
            for type_ in [types::REPOS_READY, types::WORKFLOW_READY] {
                if let Some(condition) = next.conditions.iter_mut().find(|condition| condition.type_ == type_) {
                    condition.observed_generation = generation;
                }
            }
            return;
        }
        Progress::Working => &Vec::new(),
        Progress::Ended { outcomes, .. } => outcomes,
    };
    let reason = |folder: &str| match outcomes.iter().find(|(checkout, _)| checkout.folder == folder) {
        Some((_, Outcome::Done)) => None,
        Some((_, Outcome::Failed { reason, message })) => Some((*reason, message.clone())),
        None => Some((reasons::CLONING, "in progress".to_owned())),
    };
    let (mut told, mut repos) = (Vec::new(), Vec::<RepoStatus>::new());
    for repo in &session.spec.repos {
        let why = reason(repo.folder());
        repos.push(RepoStatus {
            name: repo.folder().to_owned(),
            ready: why.is_none(),
            reason: why.as_ref().map(|(reason, _)| (*reason).to_owned()),
        });
        told.extend(why.map(|(reason, message)| (reason, format!("{}: {message}", repo.folder()))));
    }
    for before in next.repos.drain(..) {
        if !repos.iter().any(|repo| repo.name == before.name)
            && let Some((reason, _)) = reason(&before.name)
        {
            repos.push(RepoStatus { name: before.name, ready: false, reason: Some(reason.to_owned()) });
        }
    }
    next.repos = repos;
    told.sort_by_key(|(reason, _)| *reason == reasons::CLONING);
    let message = told.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join("; ");
    let mut set = |type_, is_wanted: bool, why: Option<(&'static str, String)>| match why {
        _ if !is_wanted && *progress == Progress::Working => {}
        _ if !is_wanted => remove_condition(&mut next.conditions, type_),
        Some((reason, why)) => set_condition(&mut next.conditions, Wanted::no(type_, reason, why), generation, now),
        None => set_condition(&mut next.conditions, Wanted::yes(type_, reasons::CLONED, ""), generation, now),
    };
    set(types::REPOS_READY, !session.spec.repos.is_empty(), told.first().map(|(reason, _)| (*reason, message)));
    let why = session.spec.workflow.as_ref().and_then(|_| reason(WORKFLOW));
    set(types::WORKFLOW_READY, session.spec.workflow.is_some(), why);
}
