//! What the command waits for: a spinner on a terminal, a plain line for each change elsewhere.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The line that says what the command waits for.
pub struct Progress {
    live: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bar: Option<ProgressBar>,
    shown: String,
    /// Whether the place on the screen belongs to a question.
    paused: bool,
}

impl Progress {
    /// `live` draws a spinner on stderr; else [`Progress::show`] only tells whether the text is new.
    pub fn new(live: bool) -> Self {
        Self { live, state: Mutex::default() }
    }

    /// Shows `text`. True when the caller has to write it as a plain line, because it is new and nothing is drawn.
    pub fn show(&self, text: &str) -> bool {
        let Ok(mut state) = self.state.lock() else { return false };
        if state.paused || state.shown == text {
            return false;
        }
        text.clone_into(&mut state.shown);
        if self.live {
            state.bar.get_or_insert_with(spinner).set_message(text.to_owned());
        }
        !self.live
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.shown.clear();
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        }
    }

    /// Takes the line away, and shows no other until [`Progress::resume`].
    pub fn pause(&self) {
        self.clear();
        if let Ok(mut state) = self.state.lock() {
            state.paused = true;
        }
    }

    /// Shows again what is waited for from now on.
    pub fn resume(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.paused = false;
        }
    }

    /// Writes something else while the line is out of the way.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        let bar = self.state.lock().ok().and_then(|state| state.bar.clone());
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_written_where_nothing_is_drawn() {
        let progress = Progress::new(false);
        assert!(progress.show("queued"));
        assert!(!progress.show("queued"));
        assert!(progress.show("running"));
        progress.clear();
        assert!(progress.show("running"));
    }

    #[test]
    fn nothing_is_shown_while_a_question_stands_in_its_place() {
        let progress = Progress::new(false);
        progress.pause();
        assert!(!progress.show("queued"));
        progress.resume();
        assert!(progress.show("queued"));
    }
}
