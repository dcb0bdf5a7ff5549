//! How often the status of a Session is written.
//!
//! What people act on (phase, activity, what waits, conditions) is written at once. What only counts up (messages, tokens,
//! cost, time) is written once a second. And how often its prompt is sent: a server that takes one and forgets it, each
//! time, gets it [`MOST_PROMPTS`] times from one controller.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::api::SessionStatus;

/// Least time between two writes of a status that differs in detail only.
pub const WRITE_EVERY: Duration = Duration::from_secs(1);

/// How often the prompt of a Session is sent at most.
const MOST_PROMPTS: u32 = 3;

/// When the details in each Session's status were written, by its UID.
#[derive(Debug, Default)]
pub struct Pace(Mutex<HashMap<String, Done>>);

#[derive(Clone, Copy, Debug, Default)]
struct Done {
    written: Option<Instant>,
    summed: Option<i64>,
    prompts: u32,
}

impl Pace {
    /// The status was written, with a summary of the conversation as it was at `summed` (milliseconds since the epoch by
    /// the server's clock), or with the summary that it had.
    pub fn wrote(&self, uid: &str, summed: Option<i64>, now: Instant) {
        let mut all = self.all();
        let done = all.entry(uid.to_owned()).or_default();
        done.written = Some(now);
        done.summed = summed.or(done.summed);
    }

    /// How long ago the status was written by this process.
    pub fn since(&self, uid: &str, now: Instant) -> Option<Duration> {
        Some(now.duration_since(self.all().get(uid)?.written?))
    }

    /// How long a change of detail has to wait.
    pub fn wait(&self, uid: &str, now: Instant) -> Option<Duration> {
        WRITE_EVERY.checked_sub(self.since(uid, now)?).filter(|left| !left.is_zero())
    }

    /// The state of the conversation that was summed up last, if this process did it.
    pub fn summed(&self, uid: &str) -> Option<i64> {
        self.all().get(uid)?.summed
    }

    /// The prompt was sent.
    pub fn prompted(&self, uid: &str) {
        self.all().entry(uid.to_owned()).or_default().prompts += 1;
    }

    /// The server said that it does not answer the prompt: it would say so again.
    pub fn prompt_failed(&self, uid: &str) {
        self.all().entry(uid.to_owned()).or_default().prompts = MOST_PROMPTS;
    }

    /// Whether the prompt may be sent once more.
    pub fn may_prompt(&self, uid: &str) -> bool {
        self.all().get(uid).is_none_or(|done| done.prompts < MOST_PROMPTS)
    }

    /// The Session is gone.
    pub fn forget(&self, uid: &str) {
        self.all().remove(uid);
    }

    /// No Session is left but these.
    pub fn keep(&self, these: impl Fn(&str) -> bool) {
        self.all().retain(|uid, _| these(uid));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Done>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `next` tells people something that they may be waiting for.
pub fn is_urgent(before: &SessionStatus, next: &SessionStatus) -> bool {
    before.phase != next.phase
        || before.activity != next.activity
        || before.pending != next.pending
        || before.conditions != next.conditions
        || before.repos != next.repos
        || before.observed_generation != next.observed_generation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::session::{Activity, SessionSummary};

    #[test]
    fn a_prompt_is_sent_a_few_times_and_no_more() {
        let pace = Pace::default();
        for _ in 0..MOST_PROMPTS {
            assert!(pace.may_prompt("u"));
            pace.prompted("u");
        }
        assert!(!pace.may_prompt("u") && pace.may_prompt("another"));
        pace.wrote("u", None, Instant::now());
        assert!(!pace.may_prompt("u"));
        pace.forget("u");
        assert!(pace.may_prompt("u"));
    }

    #[test]
    fn details_wait_for_a_second_since_the_last_write() {
        let (pace, begin) = (Pace::default(), Instant::now());
        assert_eq!((pace.wait("u", begin), pace.summed("u")), (None, None));
        pace.wrote("u", Some(7), begin);
        pace.wrote("u", None, begin);
        assert_eq!((pace.wait("u", begin), pace.summed("u")), (Some(WRITE_EVERY), Some(7)));
        let later = begin + Duration::from_millis(600);
        assert_eq!(pace.wait("u", later), Some(Duration::from_millis(400)));
        assert_eq!(pace.wait("u", begin + WRITE_EVERY), None);
        pace.forget("u");
        assert_eq!(pace.summed("u"), None);
    }

    #[test]
    fn the_end_of_a_turn_is_urgent_and_tokens_are_not() {
        let before = SessionStatus { activity: Some(Activity::Busy), ..SessionStatus::default() };
        let counted = SessionStatus { summary: Some(SessionSummary::default()), ..before.clone() };
        assert!(!is_urgent(&before, &counted));
        assert!(is_urgent(&before, &SessionStatus { activity: Some(Activity::Idle), ..counted }));
    }
}
