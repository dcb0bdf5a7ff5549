//! Questions on the terminal that can be withdrawn: a list to pick from, and a line to write.
//!
//! They are drawn on standard error, below what stands there, and read keys as events. Dropping the future of one takes it
//! off the screen and gives the terminal back as it was. What was answered stays, in one line.

use std::io::{self, Write as _};

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::{cursor, execute, queue, style, terminal};
use futures::StreamExt as _;

use super::Size;
use super::state_line::cut;

/// A list of which one item, or several, may be picked.
#[derive(Clone, Debug)]
pub struct List {
    prompt: String,
    items: Vec<String>,
    at: usize,
    /// Which are ticked, where several may be.
    ticked: Option<Vec<bool>>,
}

impl List {
    /// Of which one may be picked. Prompt and items are shown as they are.
    pub fn new(prompt: &str, items: Vec<String>) -> Self {
        Self { prompt: prompt.to_owned(), items, at: 0, ticked: None }
    }

    /// Of which any number may be.
    #[must_use]
    pub fn several(self) -> Self {
        Self { ticked: Some(vec![false; self.items.len()]), ..self }
    }

    /// Has the person pick. None for escape; an error of kind `Interrupted` for ctrl-c.
    pub async fn pick(self) -> io::Result<Option<Vec<usize>>> {
        ask(self).await
    }

    fn picked(&self) -> Vec<usize> {
        match &self.ticked {
            Some(ticked) => (0..self.items.len()).filter(|index| ticked[*index]).collect(),
            None => vec![self.at],
        }
    }
}

/// A line to write.
#[derive(Clone, Debug)]
pub struct Line {
    prompt: String,
    text: String,
}

impl Line {
    /// The prompt is shown as it is.
    pub fn new(prompt: &str) -> Self {
        Self { prompt: prompt.to_owned(), text: String::new() }
    }

    /// Has the person write. None for escape; an error of kind `Interrupted` for ctrl-c.
    pub async fn write(self) -> io::Result<Option<String>> {
        ask(self).await
    }
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
enum Step<T> {
    /// There may be something else to show.
    Draw,
    /// It was answered, or left.
    Done(Option<T>),
}

trait Question {
    type Answer;

    /// What is shown in so many rows.
    fn rows(&self, rows: usize) -> Vec<String>;

    /// A key without ctrl.
    fn key(&mut self, key: KeyCode) -> Step<Self::Answer>;

    /// What stays.
    fn answered(&self, answer: &Self::Answer) -> String;
}

impl Question for List {
    type Answer = Vec<usize>;

    fn rows(&self, rows: usize) -> Vec<String> {
        let room = rows.saturating_sub(1).max(1);
        let first = (self.at + 1).saturating_sub(room);
        let item = |index: usize| {
            let here = if index == self.at { ">" } else { " " };
            let tick = match &self.ticked {
                Some(ticked) if ticked[index] => " [x]",
                Some(_) => " [ ]",
                None => "",
            };
            format!("{here}{tick} {}", self.items[index])
        };
        let how = if self.ticked.is_some() { " (space picks, enter ends)" } else { "" };
        let shown = (first..self.items.len()).take(room).map(item);
        std::iter::once(format!("{}{how}", asked(&self.prompt))).chain(shown).collect()
    }

    fn key(&mut self, key: KeyCode) -> Step<Vec<usize>> {
        let count = self.items.len();
        match key {
            KeyCode::Enter if count > 0 => return Step::Done(Some(self.picked())),
            KeyCode::Esc | KeyCode::Char('q') | KeyCode::Enter => return Step::Done(None),
            KeyCode::Down | KeyCode::Tab | KeyCode::Char('j') if count > 0 => self.at = (self.at + 1) % count,
            KeyCode::Up | KeyCode::BackTab | KeyCode::Char('k') if count > 0 => self.at = (self.at + count - 1) % count,
            KeyCode::Char(' ') => match &mut self.ticked {
                Some(ticked) => {
                    if let Some(ticked) = ticked.get_mut(self.at) {
                        *ticked = !*ticked;
                    }
                }
                None if count > 0 => return Step::Done(Some(self.picked())),
                None => {}
            },
            _ => {}
        }
        Step::Draw
    }

    fn answered(&self, answer: &Vec<usize>) -> String {
        let items: Vec<_> = answer.iter().map(|index| self.items[*index].as_str()).collect();
        format!("{} {}", asked(&self.prompt), items.join(", "))
    }
}

impl Question for Line {
    type Answer = String;

    fn rows(&self, _: usize) -> Vec<String> {
        vec![format!("{} {}", asked(&self.prompt), self.text)]
    }

    fn key(&mut self, key: KeyCode) -> Step<String> {
        match key {
            KeyCode::Esc => return Step::Done(None),
            KeyCode::Enter if !self.text.trim().is_empty() => return Step::Done(Some(self.text.clone())),
            KeyCode::Backspace => {
                self.text.pop();
            }
            KeyCode::Char(character) => self.text.push(character),
            _ => {}
        }
        Step::Draw
    }

    fn answered(&self, answer: &String) -> String {
        format!("{} {answer}", asked(&self.prompt))
    }
}

/// A prompt as it stands before an answer.
fn asked(prompt: &str) -> String {
    if prompt.ends_with(['?', ':', '.', '!']) { prompt.to_owned() } else { format!("{prompt}:") }
}

async fn ask<Q: Question>(mut question: Q) -> io::Result<Option<Q::Answer>> {
    let mut drawn = Drawn::begin()?;
    let mut events = EventStream::new();
    loop {
        drawn.draw(&question)?;
        let key = match events.next().await {
            Some(Ok(Event::Key(key))) if key.kind != KeyEventKind::Release => key,
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Err(error),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        };
        if let Step::Done(answer) = step(&mut question, key)? {
            drawn.erase()?;
            if let Some(answer) = &answer {
                queue!(io::stderr(), style::Print(question.answered(answer)), style::Print("\r\n"))?;
            }
            return Ok(answer);
        }
    }
}

fn step<Q: Question>(question: &mut Q, key: KeyEvent) -> io::Result<Step<Q::Answer>> {
    match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Err(io::ErrorKind::Interrupted.into()),
        _ if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Ok(Step::Draw),
        code => Ok(question.key(code)),
    }
}

/// What stands on the screen, on a terminal that hands keys over as they are typed.
struct Drawn {
    /// How many rows above the cursor.
    above: u16,
}

impl Drawn {
    fn begin() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        Ok(Self { above: 0 })
    }

    fn draw(&mut self, question: &impl Question) -> io::Result<()> {
        let size = terminal::size().map_or_else(|_| Size::default(), |(cols, rows)| Size { rows, cols });
        self.erase()?;
        // One column is left free, and so no row is as wide as the screen, behind which the cursor would stand on the next.
        let columns = usize::from(size.cols.max(2)) - 1;
        let rows: Vec<_> =
            question.rows(usize::from(size.rows.max(2)) - 1).iter().map(|row| cut(row, columns)).collect();
        self.above = u16::try_from(rows.len().saturating_sub(1)).unwrap_or(0);
        let mut stderr = io::stderr();
        queue!(stderr, style::Print(rows.join("\r\n")))?;
        stderr.flush()
    }

    /// Leaves the cursor where the first row was.
    fn erase(&mut self) -> io::Result<()> {
        let mut stderr = io::stderr();
        if self.above > 0 {
            queue!(stderr, cursor::MoveUp(self.above))?;
        }
        self.above = 0;
        execute!(stderr, cursor::MoveToColumn(0), terminal::Clear(terminal::ClearType::FromCursorDown))
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        // A terminal that is gone cannot be put back, and nobody could be told.
        let _ = self.erase();
        let _ = terminal::disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        List::new("which", ["a", "b", "c"].map(str::to_owned).to_vec())
    }

    fn press<Q: Question>(question: &mut Q, keys: &[KeyCode]) -> Step<Q::Answer> {
        keys.iter().map(|key| step(question, KeyEvent::new(*key, KeyModifiers::NONE)).unwrap()).last().unwrap()
    }

    #[test]
    fn one_is_picked_with_the_arrows_round_and_round() {
        use KeyCode::{Char, Down, Enter, Esc, Up};
        assert_eq!(press(&mut list(), &[Enter]), Step::Done(Some(vec![0])));
        assert_eq!(press(&mut list(), &[Down, Char('j'), Enter]), Step::Done(Some(vec![2])));
        assert_eq!(press(&mut list(), &[Up, Enter]), Step::Done(Some(vec![2])));
        assert_eq!(press(&mut list(), &[Up, Down, Char(' ')]), Step::Done(Some(vec![0])));
        assert_eq!(press(&mut list(), &[Down, Esc]), Step::Done(None));
        assert_eq!(press(&mut List::new("which", Vec::new()), &[Down, Char(' '), Enter]), Step::Done(None));
        let mut moved = list();
        press(&mut moved, &[Down]);
        assert_eq!(moved.rows(9), ["which:", "  a", "> b", "  c"]);
        assert_eq!(moved.answered(&vec![1]), "which: b");
    }

    #[test]
    fn several_are_ticked() {
        use KeyCode::{Char, Down, Enter};
        let mut several = list().several();
        press(&mut several, &[Char(' '), Down, Char(' '), Char(' '), Down, Char(' ')]);
        assert_eq!(several.rows(9)[1..], ["  [x] a", "  [ ] b", "> [x] c"]);
        assert_eq!(press(&mut several, &[Enter]), Step::Done(Some(vec![0, 2])));
        assert_eq!(press(&mut list().several(), &[Enter]), Step::Done(Some(Vec::new())));
    }

    #[test]
    fn a_small_screen_shows_where_the_cursor_is() {
        use KeyCode::Down;
        let mut moved = list();
        press(&mut moved, &[Down, Down]);
        assert_eq!(moved.rows(3), ["which:", "  b", "> c"]);
        assert_eq!(moved.rows(0), ["which:", "> c"]);
    }

    #[test]
    fn a_line_is_written_and_must_not_be_empty() {
        use KeyCode::{Backspace, Char, Enter, Esc};
        let mut line = Line::new("what");
        let keys = [Backspace, Enter, Char(' '), Enter, Backspace, Char('q'), Char('x'), Backspace, Char('\u{e4}')];
        assert_eq!(press(&mut line, &keys), Step::Draw);
        assert_eq!(line.rows(1), ["what: q\u{e4}"]);
        assert_eq!(press(&mut line, &[Enter]), Step::Done(Some("q\u{e4}".to_owned())));
        assert_eq!(press(&mut line, &[Esc]), Step::Done(None));
    }

    #[test]
    fn ctrl_c_interrupts_and_other_keys_with_ctrl_do_nothing() {
        let ctrl = |key| KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL);
        assert_eq!(step(&mut list(), ctrl('c')).unwrap_err().kind(), io::ErrorKind::Interrupted);
        assert_eq!(step(&mut list(), ctrl('j')).unwrap(), Step::Draw);
    }
}
