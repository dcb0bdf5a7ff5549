//! The control sequences that give a terminal back as it was found. Sources: ECMA-48, xterm's `ctlseqs`, the kitty keyboard
//! protocol.

/// What ends every mode that a program may have set, but for the alternate screen.
///
/// In order: an unfinished sequence is cancelled; synchronised output, mouse reports, focus reports, bracketed paste, theme
/// and size reports, grapheme clustering end; modifyOtherKeys ends; cursor keys, keypad, wrapping and
/// insertion are normal; margins are gone, with the cursor kept.
const MODES: &str = concat!(
    "\x18",
    "\x1b[?2026l",
    "\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[?1015l\x1b[?1016l",
    "\x1b[?1004l",
    "\x1b[?2004l",
    "\x1b[?2031l\x1b[?2048l\x1b[?2027l",
    "\x1b[>4;0m",
    "\x1b[?1l\x1b>\x1b[?7h\x1b[4l",
    "\x1b7\x1b[?69l\x1b[r\x1b8",
);

/// Back to the normal screen, and to where its cursor was.
const NORMAL_SCREEN: &str = "\x1b[?1049l";

/// The rest: cursor shown and of usual shape; hyperlink, colours, character set are normal; the title is what it was.
const LOOKS: &str = "\x1b[?25h\x1b[0 q\x1b]8;;\x1b\\\x1b[0m\x1b(B\x0f\x1b[23;0t";

/// Gives back the terminal that shows `screen`. On the normal screen the cursor stays where it is, unless that is in the
/// middle of a line, which is left: leaving an alternate screen that is not there moves it, in some terminals to where an
/// earlier program left it.
pub(super) fn reset(screen: &ScreenWatch) -> String {
    let [normal, alternate] = &screen.keyboards;
    let (shown, then) =
        if screen.alternate { (alternate, [NORMAL_SCREEN, &normal.reset()].concat()) } else { (normal, String::new()) };
    let line = if screen.is_in_line { "\r\n" } else { "" };
    [MODES, &shown.reset(), &then, LOOKS, line].concat()
}

/// Reads from output what [`reset`] has to know, however the output is cut: whether it shows the alternate screen (DECSET
/// 47, 1047, 1049), whether the normal screen's last line was begun, and what was done to the kitty keyboard's stack of
/// flags, of which each screen has its own.
#[derive(Debug)]
pub(super) struct ScreenWatch {
    reading: Reading,
    pub(super) alternate: bool,
    is_in_line: bool,
    /// The same where the cursor was last kept (DECSC).
    was_in_line: bool,
    keyboards: [Keyboard; 2],
}

#[derive(Debug, Default)]
enum Reading {
    #[default]
    Text,
    Escape,
    /// Inside a CSI sequence; its parameters so far.
    Parameters(Vec<u8>),
}

/// Longer parameter lists set nothing of interest.
const MOST_PARAMETERS: usize = 64;

impl ScreenWatch {
    pub(super) const fn new() -> Self {
        Self {
            reading: Reading::Text,
            alternate: false,
            is_in_line: false,
            was_in_line: false,
            keyboards: [Keyboard::UNTOUCHED; 2],
        }
    }

    pub(super) fn push(&mut self, output: &[u8]) {
        let mut rest = output;
        while let Some(byte) = rest.first() {
            self.reading = match (std::mem::take(&mut self.reading), byte) {
                (_, 0x1b) => Reading::Escape,
                (Reading::Text, _) => {
                    let text = rest.iter().position(|byte| *byte == 0x1b).unwrap_or(rest.len());
                    let (text, behind) = rest.split_at(text);
                    // A line feed alone stays in its column, and what a bell ends is the text of a title.
                    let last = text.iter().rfind(|byte| **byte != b'\n');
                    if let Some(last) = last.filter(|last| !self.alternate && **last != 7) {
                        self.is_in_line = *last != b'\r';
                    }
                    rest = behind;
                    continue;
                }
                (Reading::Escape, b'[') => Reading::Parameters(Vec::new()),
                (Reading::Escape, b'7') => {
                    self.was_in_line = self.is_in_line;
                    Reading::Text
                }
                (Reading::Escape, b'8') => {
                    self.is_in_line = self.was_in_line;
                    Reading::Text
                }
                (Reading::Parameters(mut read), b'0'..=b'?') if read.len() < MOST_PARAMETERS => {
                    read.push(*byte);
                    Reading::Parameters(read)
                }
                (Reading::Parameters(read), b'@'..=b'~') => {
                    self.sequence(&read, *byte);
                    Reading::Text
                }
                _ => Reading::Text,
            };
            rest = &rest[1..];
        }
    }

    fn sequence(&mut self, parameters: &[u8], last: u8) {
        let Some((mark, numbers)) = parameters.split_first() else { return };
        match (mark, last) {
            (b'?', b'h' | b'l') => {
                let is_screen = |mode: &[u8]| matches!(mode, b"47" | b"1047" | b"1049");
                if numbers.split(|byte| *byte == b';').any(is_screen) {
                    self.alternate = last == b'h';
                }
            }
            (b'<' | b'=' | b'>', b'u') => {
                let keyboard = &mut self.keyboards[usize::from(self.alternate)];
                let number = std::str::from_utf8(numbers).ok().and_then(|text| text.parse::<u16>().ok());
                match mark {
                    b'>' => keyboard.pushed = keyboard.pushed.saturating_add(1),
                    b'<' => keyboard.pushed = keyboard.pushed.saturating_sub(number.unwrap_or(1)),
                    _ => keyboard.set = true,
                }
            }
            _ => {}
        }
    }
}

/// What was done to one screen's stack of keyboard flags.
#[derive(Clone, Copy, Debug)]
struct Keyboard {
    /// Entries that are there still. Popping more would take away what somebody else set before.
    pushed: u16,
    /// Whether flags were set without pushing.
    set: bool,
}

impl Keyboard {
    const UNTOUCHED: Self = Self { pushed: 0, set: false };

    fn reset(self) -> String {
        match self {
            Self { pushed: 0, set: false } => String::new(),
            Self { pushed: 0, set: true } => "\x1b[=0u".to_owned(),
            Self { pushed, .. } => format!("\x1b[<{pushed}u"),
        }
    }
}

/// Keeps the title for [`reset`] to bring back.
pub(super) const SAVE_TITLE: &str = "\x1b[22;0t";

/// The modes in which the OpenCode TUI runs: a client that comes back to a running TUI has to set them, since only the
/// TUI's start does.
pub const SET_TUI_MODES: &str =
    concat!("\x1b[?1049h\x1b[2J\x1b[H", "\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h", "\x1b[?2004h", "\x1b[?25l",);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_a_program_took_over_is_given_back() {
        let mut screen = vt100::Parser::new(24, 80, 0);
        screen.process(b"shell prompt $ ");
        let before = screen.screen().cursor_position();
        screen.process(SET_TUI_MODES.as_bytes());
        screen.process(b"\x1b[?1h\x1b=\x1b[5;10r\x1b[31mfull screen\x1b]0;title\x07\x1b[12;4");
        assert!(screen.screen().alternate_screen());
        let mut watch = ScreenWatch::new();
        watch.push(SET_TUI_MODES.as_bytes());
        screen.process(reset(&watch).as_bytes());
        let after = screen.screen();
        assert!(!after.alternate_screen() && !after.hide_cursor() && !after.bracketed_paste());
        assert!(!after.application_cursor() && !after.application_keypad());
        assert_eq!(after.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(after.cursor_position(), before);
        assert_eq!(after.fgcolor(), vt100::Color::Default);
        assert_eq!(after.contents().trim_end(), "shell prompt $");
    }

    #[test]
    fn a_plain_screen_keeps_its_cursor() {
        let mut screen = vt100::Parser::new(24, 80, 0);
        screen.process(b"one\r\ntwo\r\nthree");
        let before = screen.screen().cursor_position();
        screen.process(reset(&ScreenWatch::new()).as_bytes());
        assert_eq!(screen.screen().cursor_position(), before);
        assert_eq!(screen.screen().contents(), "one\ntwo\nthree");
    }

    #[test]
    fn a_line_that_was_begun_is_left() {
        let shown = |output: &str| {
            let mut screen = vt100::Parser::new(24, 80, 0);
            let mut watch = ScreenWatch::new();
            screen.process(output.as_bytes());
            watch.push(output.as_bytes());
            screen.process(reset(&watch).as_bytes());
            screen.screen().cursor_position()
        };
        assert_eq!(shown("one\r\n\x1b[31m$ \x1b[0m"), (2, 0));
        assert_eq!(shown("one\r\n"), (1, 0));
        assert_eq!(shown("one\r\n\x1b]0;title\x07"), (1, 0));
        assert_eq!(shown("one\r\n\x1b[?1049h\x1b[7;7Htext"), (1, 0));
        assert_eq!(shown("one \x1b[?1049h\x1b[7;7Htext\r\n"), (1, 0));
        assert_eq!(shown("one \x1b7\n\r\x1b[2K\x1b8"), (1, 0));
        assert_eq!(shown("\x1b7one\r\n\x1b8"), (0, 0));
        assert_eq!(shown(""), (0, 0));
    }

    #[test]
    fn the_screen_is_known_however_the_output_is_cut() {
        let shown = |pieces: &[&str]| {
            let mut watch = ScreenWatch::new();
            for piece in pieces {
                watch.push(piece.as_bytes());
            }
            watch.alternate
        };
        assert!(shown(&["text\x1b[?1049h\x1b[2J"]));
        assert!(shown(&["\x1b", "[", "?10", "49;2004", "h"]));
        assert!(shown(&["\x1b[?2004;1047h\x1b[?25l\x1b[4l"]));
        assert!(!shown(&["\x1b[?1049h", "\x1b[?1049l"]));
        assert!(!shown(&["\x1b[?25h\x1b[1049h?1049h"]));
    }

    #[test]
    fn keyboard_flags_are_popped_as_often_as_they_were_pushed_and_on_their_own_screen() {
        let reset_after = |output: &str| {
            let mut watch = ScreenWatch::new();
            watch.push(output.as_bytes());
            reset(&watch)
        };
        assert!(!reset_after("text\x1b[?1u\x1b[u\x1b[>4;1m").contains('u'), "untouched");
        assert!(reset_after("\x1b[>1u\x1b[>5u\x1b[<u").contains("\x1b[<1u"));
        assert!(!reset_after("\x1b[>1u\x1b[<5u").contains('u'));
        assert!(reset_after("\x1b[=1;1u").contains("\x1b[=0u"));
        let both = reset_after("\x1b[>1u\x1b[?1049h\x1b[>1u\x1b[>3u");
        let (alternate, normal) = both.split_once("\x1b[?1049l").unwrap();
        assert!(alternate.contains("\x1b[<2u") && normal.contains("\x1b[<1u"), "{both:?}");
    }
}
