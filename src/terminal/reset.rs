//! The control sequences that give a terminal back as it was found. Sources: ECMA-48, xterm's `ctlseqs`, the kitty keyboard
//! protocol.

/// What ends every mode that a program may have set, but for the alternate screen.
///
/// In order: an unfinished sequence is cancelled; synchronised output, mouse reports, focus reports, bracketed paste, theme
/// and size reports, grapheme clustering end; key reports (modifyOtherKeys, kitty) end; cursor keys, keypad, wrapping and
/// insertion are normal; margins are gone, with the cursor kept.
const MODES: &str = concat!(
    "\x18",
    "\x1b[?2026l",
    "\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[?1015l\x1b[?1016l",
    "\x1b[?1004l",
    "\x1b[?2004l",
    "\x1b[?2031l\x1b[?2048l\x1b[?2027l",
    "\x1b[>4;0m\x1b[<u",
    "\x1b[?1l\x1b>\x1b[?7h\x1b[4l",
    "\x1b7\x1b[?69l\x1b[r\x1b8",
);

/// Back to the normal screen, and to where its cursor was.
const NORMAL_SCREEN: &str = "\x1b[?1049l";

/// The rest: cursor shown and of usual shape; hyperlink, colours, character set are normal; the title is what it was.
const LOOKS: &str = "\x1b[?25h\x1b[0 q\x1b]8;;\x1b\\\x1b[0m\x1b(B\x0f\x1b[23;0t";

/// Gives the terminal back. On the normal screen the cursor stays where it is: leaving an alternate screen that is not
/// there moves it, in some terminals to where an earlier program left it.
pub fn reset(alternate: bool) -> String {
    [MODES, if alternate { NORMAL_SCREEN } else { "" }, LOOKS].concat()
}

/// Reads from output whether it shows the alternate screen (DECSET 47, 1047, 1049), however the output is cut.
#[derive(Debug, Default)]
pub(super) struct ScreenWatch {
    /// Parameters of the `CSI ?` sequence that is being read.
    reading: Reading,
    pub(super) alternate: bool,
}

#[derive(Debug, Default)]
enum Reading {
    #[default]
    Text,
    Escape,
    Bracket,
    Parameters(Vec<u8>),
}

/// Longer parameter lists set no screen.
const MOST_PARAMETERS: usize = 64;

impl ScreenWatch {
    pub(super) const fn new() -> Self {
        Self { reading: Reading::Text, alternate: false }
    }

    pub(super) fn push(&mut self, output: &[u8]) {
        for byte in output {
            self.reading = match (std::mem::take(&mut self.reading), byte) {
                (_, 0x1b) => Reading::Escape,
                (Reading::Escape, b'[') => Reading::Bracket,
                (Reading::Bracket, b'?') => Reading::Parameters(Vec::new()),
                (Reading::Parameters(mut read), b'0'..=b'9' | b';') if read.len() < MOST_PARAMETERS => {
                    read.push(*byte);
                    Reading::Parameters(read)
                }
                (Reading::Parameters(read), b'h' | b'l') => {
                    let is_screen = |mode: &[u8]| matches!(mode, b"47" | b"1047" | b"1049");
                    if read.split(|byte| *byte == b';').any(is_screen) {
                        self.alternate = *byte == b'h';
                    }
                    Reading::Text
                }
                _ => Reading::Text,
            };
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
        screen.process(reset(true).as_bytes());
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
        screen.process(reset(false).as_bytes());
        assert_eq!(screen.screen().cursor_position(), before);
        assert_eq!(screen.screen().contents(), "one\ntwo\nthree");
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
}
