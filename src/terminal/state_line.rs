//! A line of our own on a screen that belongs to a remote program, and gone again without a trace.
//!
//! Where it stands depends on the screen:
//!
//! - **Normal screen** (a shell): the line under the cursor. If the cursor stands in the last line, the screen first moves
//!   up by one, as it would for one more line of output; programs on the normal screen move relative to the cursor and do
//!   not notice. Taking the line away erases it.
//! - **Alternate screen** (a full-screen program): the last line. What stood there is known to the program alone, so taking
//!   the line away means to make the program draw again.
//! - **Title** only: where neither may be touched.
//!
//! The window's title says the same, since the window may be in the background; the terminal keeps the program's title
//! meanwhile (XTWINOPS 22 and 23). DECSC and DECRC keep the cursor, its colours and its character set.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Size;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePlace {
    /// Under the cursor of the normal screen.
    UnderCursor,
    /// In the last line of the alternate screen.
    LastLine,
    /// Nowhere on the screen.
    TitleOnly,
}

/// A line that is shown or not.
#[derive(Debug, Default)]
pub struct StateLine {
    shown: Option<(LinePlace, String)>,
}

impl StateLine {
    /// What to write so that `text`, which holds no control characters, stands at `place`: nothing if it stands there.
    pub fn show(&mut self, place: LinePlace, text: &str, size: Size) -> Vec<u8> {
        let (place, first) = match &self.shown {
            // It is taken away from where it was put.
            Some((_, shown)) if shown == text => return Vec::new(),
            Some((place, _)) => (*place, false),
            None => (place, true),
        };
        let line = cut(text, usize::from(size.cols).saturating_sub(1));
        // Should the program have stopped in the middle of a frame, the terminal shows what it has.
        let prepare = match (first, place) {
            (false, _) => "",
            (true, LinePlace::UnderCursor) => "\x1b[?2026l\x1b[22;0t\n\x1bM",
            (true, _) => "\x1b[?2026l\x1b[22;0t",
        };
        let go = match place {
            LinePlace::UnderCursor => "\n\r".to_owned(),
            LinePlace::LastLine => format!("\x1b[{};1H", size.rows),
            LinePlace::TitleOnly => String::new(),
        };
        let title = format!("\x1b]2;{text}\x07");
        let line = match place {
            LinePlace::TitleOnly => String::new(),
            _ => format!("\x1b7{go}\x1b[0;7m{line}\x1b[0m\x1b[K\x1b8"),
        };
        self.shown = Some((place, text.to_owned()));
        [prepare, &title, &line].concat().into_bytes()
    }

    /// What to write so that the line is gone.
    pub fn erase(&mut self) -> Erased {
        match self.shown.take() {
            None => Erased { bytes: Vec::new(), redraw: false },
            Some((LinePlace::UnderCursor, _)) => {
                Erased { bytes: b"\x1b7\n\r\x1b[0m\x1b[2K\x1b8\x1b[23;0t".to_vec(), redraw: false }
            }
            Some((place, _)) => Erased { bytes: b"\x1b[23;0t".to_vec(), redraw: place == LinePlace::LastLine },
        }
    }

    /// Whether it is shown.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some()
    }
}

/// How a line goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Erased {
    /// To be written.
    pub bytes: Vec<u8>,
    /// Whether the program has to draw its screen again.
    pub redraw: bool,
}

/// The beginning of a text that has room in `columns`.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 0;
    let fits = |character: &char| {
        width += character.width().unwrap_or_default();
        width < columns
    };
    let mut line: String = text.chars().take_while(fits).collect();
    if columns > 0 {
        line.push('\u{2026}');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { rows: 6, cols: 40 };

    fn screen(text: &str) -> vt100::Parser {
        let mut screen = vt100::Parser::new(SIZE.rows, SIZE.cols, 100);
        screen.process(text.as_bytes());
        screen
    }

    #[test]
    fn under_a_prompt_it_comes_and_goes_without_a_trace() {
        for text in [
            "one\r\ntwo\r\n$ \x1b[31mtyped",
            "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n$ \x1b[31mlast line",
            "1\r\n2\r\n3\r\n4\r\n5\r\n\x1b[31m6",
        ] {
            let mut terminal = screen(text);
            let before = terminal.screen().clone();
            let mut line = StateLine::default();
            terminal.process(&line.show(LinePlace::UnderCursor, "connection lost", SIZE));
            terminal.process(&line.show(LinePlace::UnderCursor, "connection still lost", SIZE));
            assert!(
                terminal.screen().contents().ends_with("connection still lost"),
                "{}",
                terminal.screen().contents()
            );
            assert_eq!(terminal.screen().fgcolor(), before.fgcolor());
            assert_eq!(terminal.screen().cursor_position().1, before.cursor_position().1);
            let erased = line.erase();
            assert!(!erased.redraw);
            terminal.process(&erased.bytes);
            terminal.process(b"!");
            let after = terminal.screen().contents();
            let typed = format!("{}!", before.contents());
            assert!(typed.ends_with(after.trim_end()), "{typed:?} {after:?}");
            assert!(!line.is_shown());
        }
    }

    #[test]
    fn over_a_full_screen_it_asks_for_a_redraw() {
        let mut terminal = screen("\x1b[?1049h\x1b[6;1Hstatus\x1b[2;3Hhere");
        let mut line = StateLine::default();
        terminal.process(&line.show(LinePlace::LastLine, "no answer for 6 s, and this text is too long for it", SIZE));
        assert_eq!(terminal.screen().contents().lines().last(), Some("no answer for 6 s, and this text is to\u{2026}"));
        assert_eq!(terminal.screen().cursor_position(), (1, 6));
        assert!(line.show(LinePlace::LastLine, "no answer for 6 s, and this text is too long for it", SIZE).is_empty());
        assert_eq!(line.erase(), Erased { bytes: b"\x1b[23;0t".to_vec(), redraw: true });
        assert_eq!(line.erase(), Erased { bytes: Vec::new(), redraw: false });
    }

    #[test]
    fn the_program_s_title_is_kept_meanwhile() {
        let mut line = StateLine::default();
        let bytes = [
            line.show(LinePlace::TitleOnly, "a", SIZE),
            line.show(LinePlace::TitleOnly, "b", SIZE),
            line.erase().bytes,
        ]
        .concat();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\x1b[?2026l\x1b[22;0t\x1b]2;a\x07\x1b]2;b\x07\x1b[23;0t");
    }
}
