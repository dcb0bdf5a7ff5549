//! Where everything comes together: what the user does, what the tasks of a connection tell, and the clock.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::console::{Local, Wish};
use super::keys::INTERRUPT;
use super::search::{Found, Search, reason, result_of};
use super::shared::{News, Shared, send, show};
use super::size::{Wanted, resize};
use super::{End, Link};
use crate::opencode::{self, PtyStream, Replay};
use crate::output::count;
use crate::terminal::{LinePlace, find_key};

/// Tries that are given little time: a server that starts accepts connections and never answers them.
const FIRST_TRIES: usize = 5;
/// Most bytes of typed input that wait for a live connection. Behind that the local terminal waits.
const UNSENT_LIMIT: usize = 64 << 10;
/// Most bytes of typed input that wait for a silent connection, where the local terminal does not wait: the detach keys and
/// ctrl-c may be behind them.
const SILENT_LIMIT: usize = 16 << 20;
/// Most bytes of typed input that are kept while there is no connection.
const KEPT: usize = 4 << 10;
/// Longest wait for the last keys to arrive, and for the local terminal to take the last output.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// One connection: its tasks.
struct Connection {
    reader: AbortOnDropHandle<()>,
    writer: AbortOnDropHandle<()>,
    _resizer: Option<AbortOnDropHandle<()>>,
    news: mpsc::UnboundedReceiver<News>,
}

impl Connection {
    /// Ends it. When this returns, no task of it shows or sends anything any more.
    async fn close(self) {
        for task in [self.reader, self.writer] {
            task.abort();
            // Ended or aborted: either is what is wanted.
            let _ = task.await;
        }
    }
}

/// What is wrong.
struct Trouble {
    since: Instant,
    /// The connection was lost; else it is silent.
    lost: bool,
    /// What the last try came to.
    why: Option<opencode::Error>,
    tries: usize,
}

impl Trouble {
    fn new(since: Instant) -> Self {
        Self { since, lost: false, why: None, tries: 0 }
    }
}

/// What is known where everything comes together.
pub struct Desk<'a, 'l, 'b, 'c> {
    link: &'a Link<'l>,
    local: Local<'b, 'c>,
    shared: Arc<Shared>,
    sizes: watch::Sender<Wanted>,
    connection: Option<Connection>,
    search: Option<Search<'a>>,
    last_try: Option<Instant>,
    trouble: Option<Trouble>,
    notes: Vec<String>,
}

impl<'a, 'l, 'b, 'c> Desk<'a, 'l, 'b, 'c> {
    /// Nothing is connected yet.
    pub fn new(link: &'a Link<'l>, local: Local<'b, 'c>, shared: Arc<Shared>) -> Self {
        let repaint = link.full_screen && !link.fresh && local.is_interactive();
        if repaint {
            local.set_tui_modes();
        }
        let (sizes, _) = watch::channel(Wanted { size: local.console.terminal.size(), redraws: u32::from(repaint) });
        let (connection, search, last_try, trouble) = (None, None, None, None);
        Self { link, local, shared, sizes, connection, search, last_try, trouble, notes: Vec::new() }
    }

    /// Begins to use a stream, on which the program was made to draw again so many times of those that are wanted.
    pub fn connect(&mut self, stream: PtyStream, redrawn: u32) {
        self.shared.new_connection();
        let (tell, news) = mpsc::unbounded_channel();
        let reader = AbortOnDropHandle::new(tokio::spawn(show(stream.output, Arc::clone(&self.shared), tell)));
        let writer = AbortOnDropHandle::new(tokio::spawn(send(stream.input, Arc::clone(&self.shared))));
        let resizer = (!self.link.read_only && self.local.is_interactive()).then(|| {
            let resize = resize(self.link.client.clone(), self.link.pty.to_owned(), self.sizes.subscribe(), redrawn);
            AbortOnDropHandle::new(tokio::spawn(resize))
        });
        self.connection = Some(Connection { reader, writer, _resizer: resizer, news });
    }

    pub async fn serve(&mut self) -> End {
        let shared = Arc::clone(&self.shared);
        let mut clock = tokio::time::interval(self.link.pace.look);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut taken_over = self.link.taken_over.clone();
        loop {
            let listening = self.is_listening();
            let end = tokio::select! {
                biased;
                news = next_news(&mut self.connection) => self.heard(news).await,
                (found, from) = result_of(&mut self.search) => self.found(found, from).await,
                wish = self.local.wish(listening) => self.wished(wish).await,
                // Who is taken over learns it from the last change; a task that ended tells no more.
                Ok(()) = taken_over.changed() => taken_over.borrow_and_update().clone().map(End::TakenOver),
                () = shared.sent.notified(), if !listening => None,
                _ = clock.tick() => {
                    self.look();
                    None
                }
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Whether what is typed has room. In trouble a person is always listened to, for the detach keys and ctrl-c.
    fn is_listening(&self) -> bool {
        let limit = if self.connection.is_some() { UNSENT_LIMIT } else { KEPT };
        self.is_person_in_trouble() || self.shared.keys().unsent() < limit
    }

    fn is_person_in_trouble(&self) -> bool {
        self.local.is_interactive() && (self.connection.is_none() || self.trouble.is_some())
    }

    /// Whether a connection stands that is not silent.
    fn is_heard(&self) -> bool {
        self.connection.is_some() && self.shared.silence() < self.link.pace.patience
    }

    async fn heard(&mut self, news: News) -> Option<End> {
        let connection = self.connection.take()?;
        match news {
            News::Live => {
                self.connection = Some(connection);
                self.is_live();
                return None;
            }
            News::Closed => self.lose(connection, None).await,
            News::Broken(error) => self.lose(connection, Some(error)).await,
            News::NoOutput => {
                connection.close().await;
                return Some(if self.local.is_interactive() { End::Detached } else { End::NoOutput });
            }
        }
        None
    }

    /// The connection is gone: broken by an error, or closed by the server.
    async fn lose(&mut self, connection: Connection, error: Option<opencode::Error>) {
        let closed = error.is_none();
        let trouble = self.part(connection).await;
        if error.is_some() {
            trouble.why = error;
        }
        if closed {
            self.search = Some(Search { found: Box::pin(self.link.how_it_ended()), from: None });
        } else if self.search.is_none() {
            self.try_again();
        }
    }

    /// Gives a connection up. What was typed and not handed over waits for the next one, as far as there is room.
    async fn part(&mut self, connection: Connection) -> &mut Trouble {
        connection.close().await;
        let mut keys = self.shared.keys();
        keys.connection_lost();
        if let Some(limit) = self.kept() {
            keys.cut_to(limit);
        }
        drop(keys);
        let trouble = self.trouble();
        trouble.lost = true;
        trouble
    }

    /// Most bytes of typed input that are kept while there is no connection; none if all are: what is piped in waits in the
    /// pipe.
    fn kept(&self) -> Option<usize> {
        if self.link.drop_input { Some(0) } else { self.local.is_interactive().then_some(KEPT) }
    }

    fn trouble(&mut self) -> &mut Trouble {
        self.trouble.get_or_insert_with(|| Trouble::new(Instant::now()))
    }

    /// Plans the next try.
    fn try_again(&mut self) {
        let pace = self.link.pace;
        let just_tried = self.last_try.map_or(Duration::MAX, |last| last.elapsed());
        let trouble = self.trouble();
        let wait = pace.waits[trouble.tries.min(pace.waits.len() - 1)].max(pace.apart.saturating_sub(just_tried));
        let limit = pace.tries[usize::from(trouble.tries >= FIRST_TRIES)];
        trouble.tries += 1;
        let from = self.shared.replay_from_here();
        let replay = from.unwrap_or(self.link.replay);
        let search = self.link.search(Arc::clone(&self.shared), replay, wait, limit);
        self.search = Some(Search { found: Box::pin(search), from });
        self.last_try = Some(Instant::now() + wait);
    }

    async fn found(&mut self, found: Found, from: Option<Replay>) -> Option<End> {
        self.search = None;
        match found {
            Found::End(end) => return Some(end),
            // The old one spoke first.
            Found::Stream(_) | Found::Nothing(_) if self.is_heard() => {}
            Found::Nothing(error) => {
                let reconnect = self.link.reconnect;
                let trouble = self.trouble();
                trouble.why = Some(error);
                // Time is up behind a try only: this process may have stood still meanwhile.
                if trouble.since.elapsed() >= reconnect {
                    return Some(self.give_up());
                }
                self.try_again();
            }
            Found::Stream(stream) => {
                if let Some(old) = self.connection.take() {
                    self.part(old).await;
                }
                // The old connection may have shown more while the new one was opened.
                if from == self.shared.replay_from_here() {
                    let redrawn = self.sizes.borrow().redraws;
                    self.connect(*stream, redrawn);
                } else {
                    self.try_again();
                }
            }
        }
        None
    }

    /// Out of time.
    fn give_up(&mut self) -> End {
        let why = self.trouble.take().and_then(|trouble| trouble.why);
        End::Lost(why.unwrap_or(opencode::Error::Silent { after: self.link.reconnect }))
    }

    /// Looks at the clock.
    fn look(&mut self) {
        let pace = self.link.pace;
        if self.connection.is_some() {
            let silence = self.shared.silence();
            if silence >= pace.patience && self.trouble.is_none() {
                // Much longer only if this process stood still.
                let silence = silence.min(pace.silence);
                self.trouble = Some(Trouble::new(Instant::now().checked_sub(silence).unwrap_or_else(Instant::now)));
            } else if silence < pace.patience && self.trouble.as_ref().is_some_and(|trouble| !trouble.lost) {
                // It was silent, and speaks again.
                self.is_live();
            }
            if silence >= pace.silence && self.search.is_none() {
                self.try_again();
            }
        }
        let Some(trouble) = &self.trouble else {
            if self.shared.erase_line() {
                self.redraw();
            }
            return;
        };
        if trouble.since.elapsed() >= pace.patience && self.local.is_interactive() {
            let text = self.state(trouble);
            self.shared.show_line(self.line_place(), &text, self.local.console.terminal.size());
        }
    }

    fn line_place(&self) -> LinePlace {
        match (self.local.console.terminal.shows_alternate_screen(), self.link.read_only) {
            (false, _) => LinePlace::UnderCursor,
            (true, false) => LinePlace::LastLine,
            // A watcher cannot make the program draw again.
            (true, true) => LinePlace::TitleOnly,
        }
    }

    /// What is wrong, what is tried, and how to leave.
    fn state(&self, trouble: &Trouble) -> String {
        let seconds = trouble.since.elapsed().as_secs();
        let is_connected = self.connection.is_some();
        let mut parts = vec![if is_connected {
            format!("no answer from the agent's server for {seconds} s")
        } else {
            format!("connection lost {seconds} s ago, try {}", trouble.tries)
        }];
        let waiting = self.shared.keys().unsent_characters();
        if waiting > 0 && !self.link.read_only {
            parts.push(format!("{} not sent yet", count(waiting, "typed character")));
        }
        let keys = self.link.keys.to_string();
        let leave = match (is_connected && !self.link.read_only, keys.is_empty()) {
            (true, true) => None,
            (true, false) => Some(keys),
            (false, true) => Some("ctrl-c".to_owned()),
            (false, false) => Some(format!("ctrl-c or {keys}")),
        };
        parts.extend(leave.map(|keys| format!("{keys} leaves")));
        // Last, since it may be long, and a narrow screen cuts it off.
        parts.extend(trouble.why.as_ref().map(reason));
        parts.join(" | ")
    }

    /// A connection stands, and everything old was shown.
    fn is_live(&mut self) {
        let again = self.trouble.take();
        self.search = None;
        let mut redraw = self.shared.erase_line();
        if let Some(trouble) = again {
            let seconds = trouble.since.elapsed().as_secs();
            let (in_doubt, dropped) = self.shared.keys().losses();
            let mut losses = Vec::new();
            losses.extend(missing(self.shared.missing()));
            if in_doubt > 0 {
                losses
                    .push(format!("{} typed before may not have arrived, and will not be sent again", last(in_doubt)));
            }
            losses.extend(not_kept(dropped));
            if !losses.is_empty() {
                let note = format!("connected again after {seconds} s: {}", losses.join("; "));
                if self.local.is_interactive() && !self.local.console.terminal.shows_alternate_screen() {
                    self.shared.write(format!("\r\n\x1b[0;7m{note}\x1b[0m\r\n").as_bytes());
                }
                self.notes.push(note);
                redraw = true;
            }
        }
        if redraw {
            self.redraw();
        }
    }

    fn redraw(&self) {
        self.sizes.send_modify(|wanted| wanted.redraws += 1);
    }

    async fn wished(&mut self, wish: Wish) -> Option<End> {
        match wish {
            Wish::Send(typed) => return self.typed(&typed),
            Wish::EndOfInput(byte) if !self.link.read_only => self.shared.type_in(&[byte]),
            Wish::Detach(before) => {
                if !self.link.read_only && self.connection.is_some() {
                    self.shared.type_in(&before);
                    deliver(&self.shared).await;
                }
                return Some(End::Detached);
            }
            Wish::Resize(size) => self.sizes.send_modify(|wanted| wanted.size = size),
            Wish::Repaint(size) => {
                self.sizes.send_modify(|wanted| *wanted = Wanted { size, redraws: wanted.redraws + 1 });
            }
            Wish::Leave(end) => return Some(end),
            Wish::EndOfInput(_) | Wish::Nothing => {}
        }
        None
    }

    fn typed(&mut self, typed: &[u8]) -> Option<End> {
        let interrupts = self.local.is_interactive() && find_key(typed, INTERRUPT).is_some();
        if self.link.read_only {
            return interrupts.then_some(End::Detached);
        }
        if self.connection.is_some() {
            if self.is_person_in_trouble() {
                self.shared.keep(typed, SILENT_LIMIT);
            } else {
                self.shared.type_in(typed);
            }
            return None;
        }
        if interrupts {
            return Some(self.give_up());
        }
        self.shared.typed_in_vain.notify_one();
        match self.kept() {
            Some(limit) if self.local.is_interactive() => self.shared.keys().keep(typed, limit),
            _ => self.shared.keys().push(typed),
        }
        None
    }

    /// Gives the terminal back, after everything that came is shown; one that takes nothing is not waited for.
    pub async fn leave(mut self, end: End) -> (End, Vec<String>) {
        if let Some(connection) = self.connection.take() {
            connection.close().await;
            self.shared.keys().connection_lost();
        }
        self.shared.erase_line();
        match end {
            // The end of what the program said is nowhere else any more.
            End::Exited(_) | End::Gone => self.shared.output.drain(LAST_WORDS).await,
            _ => drop(tokio::time::timeout(LAST_WORDS, self.shared.output.flush()).await),
        }
        if matches!(end, End::Lost(_) | End::Detached) {
            let (in_doubt, dropped) = self.shared.keys().losses();
            self.notes.extend(missing(self.shared.missing()));
            if in_doubt > 0 {
                self.notes.push(format!("{} typed may not have arrived", last(in_doubt)));
            }
            let unsent = self.shared.keys().unsent_characters();
            if unsent > 0 {
                self.notes.push(format!("could not send {} typed", last(unsent)));
            }
            self.notes.extend(not_kept(dropped));
        }
        self.local.stand_up();
        (end, self.notes)
    }
}

/// So many characters, which were typed last.
fn last(characters: usize) -> String {
    if characters == 1 { "the last character".to_owned() } else { format!("the last {characters} characters") }
}

/// What is told of so many characters of output that are missing.
fn missing(characters: u64) -> Option<String> {
    let text =
        || format!("{} of output missing, since the server keeps the last 2 MiB only", count(characters, "character"));
    (characters > 0).then(text)
}

/// What is told of so many characters that were typed and not kept.
fn not_kept(characters: usize) -> Option<String> {
    (characters > 0).then(|| format!("dropped {} typed meanwhile", count(characters, "character")))
}

/// Waits until the keys typed last have arrived, but not for long.
async fn deliver(shared: &Shared) {
    let settled = async {
        while !shared.keys().is_settled() {
            shared.sent.notified().await;
        }
    };
    // Who leaves a server that does not answer is not held up.
    let _ = tokio::time::timeout(LAST_WORDS, settled).await;
}

/// The next news of a connection; for ever none without one.
async fn next_news(connection: &mut Option<Connection>) -> News {
    match connection {
        // A reading task that ended without a word was a panic: the connection is broken.
        Some(connection) => connection.news.recv().await.unwrap_or_else(|| {
            News::Broken(opencode::Error::Unreachable(std::io::ErrorKind::ConnectionAborted.into()))
        }),
        None => std::future::pending().await,
    }
}
