//! Leaves of a recorded program's output what can be seen, and nothing that could be more than seen.
//!
//! A recording is a file from anywhere. Shown as it is, it could ask the terminal questions, whose answers land in the
//! user's shell; set the clipboard; redefine keys and colours; send files or print, on terminals that can. So only this
//! passes, in 7-bit form:
//!
//! | what | passes |
//! |---|---|
//! | characters | all but NUL, ENQ, DEL and the rest of C0; BEL, BS, HT, LF, VT, FF, CR, SO, SI pass |
//! | ESC | `7 8 D E H M`, `# 3…8`, `( ) 0 A B`; `c`, a full reset, becomes a soft one with the screen cleared |
//! | CSI | cursor, erasing (not the lines scrolled off), insertion, scrolling, tabs, margins, colours, cursor shape |
//! | modes | insertion; of the private ones those of the screen: 5 6 7 12 25 45 47 69 1047 1048 1049 2026 |
//! | OSC | 0 1 2, titles without controls; 8, links to http and https |
//! | DCS, SOS, PM, APC | nothing |
//!
//! Dropped with that: every question (DA, DSR, DECRQM, XTVERSION, colours, OSC 52, …), mouse, focus, paste and keyboard
//! modes, media copy, window operations, the palette, notifications, images, pass-through. Numbers of more than five
//! digits make a sequence drop, too. However the output is cut, the result is the same. Sources: ECMA-48, xterm `ctlseqs`,
//! <https://vt100.net/emu/dec_ansi_parser>.

const ESC: char = '\u{1b}';
const BEL: char = '\u{7}';
/// Most characters of a CSI sequence, and of an OSC.
const CSI_LIMIT: usize = 256;
const OSC_LIMIT: usize = 4096;
/// Private modes that change what is seen and not what is sent.
const SCREEN_MODES: &[&str] = &["5", "6", "7", "12", "25", "45", "47", "69", "1047", "1048", "1049", "2026"];
/// In place of a full reset, which would also forget the lines scrolled off and what we shall put back.
const SOFT_RESET: &str = "\x1b[!p\x1b[2J\x1b[H";

/// Filters output.
#[derive(Debug, Default)]
pub struct DisplayFilter {
    state: State,
    /// What of the sequence being read may have to be shown.
    held: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC and intermediate characters.
    Escape,
    Csi,
    Osc,
    /// In a control string that is dropped.
    Dropped,
    /// After ESC in a control string; whether that is an OSC.
    Ending(bool),
}

impl DisplayFilter {
    /// Takes output and answers what may be shown.
    pub fn push(&mut self, output: &str) -> String {
        let mut shown = String::with_capacity(output.len());
        for character in output.chars() {
            self.state = self.next(character, &mut shown);
        }
        shown
    }

    fn next(&mut self, character: char, shown: &mut String) -> State {
        match (self.state, character) {
            (State::Ground, ESC) => self.begin(State::Escape),
            (State::Ground, '\u{80}'..='\u{9f}') => self.c1(character, shown),
            (State::Ground, _) => {
                if is_shown(character) {
                    shown.push(character);
                }
                State::Ground
            }
            (State::Osc, ESC) => State::Ending(true),
            (State::Dropped, ESC) => State::Ending(false),
            // What was begun ends in the terminal, too, when another sequence begins.
            (State::Ending(is_osc), '\\') => self.end_text(is_osc, shown),
            (State::Ending(_), _) => {
                self.state = self.begin(State::Escape);
                self.next(character, shown)
            }
            (_, ESC) => self.begin(State::Escape),
            (_, '\u{18}' | '\u{1a}') | (State::Dropped, '\u{9c}') => State::Ground,
            (State::Osc, BEL | '\u{9c}') => self.end_text(true, shown),
            (State::Osc, _) => {
                if self.held.len() <= OSC_LIMIT {
                    self.held.push(character);
                }
                State::Osc
            }
            (State::Dropped, _) => State::Dropped,
            // Terminals obey these in the middle of a sequence, or pass them over.
            (state @ (State::Escape | State::Csi), '\0'..='\u{1f}' | '\u{7f}') => {
                if is_shown(character) {
                    shown.push(character);
                }
                state
            }
            (State::Escape, _) => self.escape(character, shown),
            (State::Csi, _) => self.csi(character, shown),
        }
    }

    fn begin(&mut self, state: State) -> State {
        self.held.clear();
        state
    }

    fn c1(&mut self, character: char, shown: &mut String) -> State {
        match character {
            '\u{84}' | '\u{85}' | '\u{88}' | '\u{8d}' => {
                // The same function in 7 bits is ESC and the character 64 below.
                shown.extend([ESC, char::from_u32(u32::from(character) - 0x40).unwrap_or(' ')]);
                State::Ground
            }
            '\u{9b}' => self.begin(State::Csi),
            '\u{9d}' => self.begin(State::Osc),
            '\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}' => State::Dropped,
            _ => State::Ground,
        }
    }

    fn escape(&mut self, character: char, shown: &mut String) -> State {
        match (self.held.as_str(), character) {
            (_, ' '..='/') if self.held.len() < 4 => {
                self.held.push(character);
                return State::Escape;
            }
            ("", '[') => return self.begin(State::Csi),
            ("", ']') => return self.begin(State::Osc),
            ("", 'P' | 'X' | '^' | '_') => return State::Dropped,
            ("", 'c') => shown.push_str(SOFT_RESET),
            ("", '7' | '8' | 'D' | 'E' | 'H' | 'M') | ("#", '3'..='8') | ("(" | ")", '0' | 'A' | 'B') => {
                shown.push(ESC);
                shown.push_str(&self.held);
                shown.push(character);
            }
            _ => {}
        }
        State::Ground
    }

    fn csi(&mut self, character: char, shown: &mut String) -> State {
        match character {
            ' '..='?' => {
                if self.held.len() <= CSI_LIMIT {
                    self.held.push(character);
                }
                State::Csi
            }
            '@'..='~' => {
                if let Some(parameters) = seen(&self.held, character) {
                    shown.extend([ESC, '[']);
                    shown.push_str(&parameters);
                    shown.push(character);
                }
                State::Ground
            }
            // No terminal agrees with another on what this is.
            _ => State::Ground,
        }
    }

    fn end_text(&mut self, is_osc: bool, shown: &mut String) -> State {
        let text = self.held.as_str();
        if is_osc && text.len() <= OSC_LIMIT {
            let (number, rest) = text.split_once(';').unwrap_or((text, ""));
            let rest: String = rest.chars().filter(|character| !character.is_control()).collect();
            let is_link = || {
                let address = rest.split_once(';').map_or("", |(_, address)| address);
                rest == ";" || address.starts_with("https://") || address.starts_with("http://")
            };
            if matches!(number, "0" | "1" | "2") || number == "8" && is_link() {
                shown.extend([ESC, ']']);
                shown.extend([number, ";", &rest, "\x1b\\"]);
            }
        }
        State::Ground
    }
}

/// Controls of C0 that move the cursor, ring or shift character sets; and everything that is no control.
fn is_shown(character: char) -> bool {
    matches!(character, BEL..='\u{f}') || !character.is_control()
}

/// What of a CSI sequence's parameters and intermediates passes; none if it does not.
fn seen(held: &str, last: char) -> Option<String> {
    let parameters = held.trim_end_matches(|character| matches!(character, ' '..='/'));
    let intermediates = &held[parameters.len()..];
    let numbers = parameters.trim_start_matches(['<', '=', '>', '?']);
    let prefix = &parameters[..parameters.len() - numbers.len()];
    let is_number = |text: &str| text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    if held.len() > CSI_LIMIT || !numbers.split([';', ':']).all(is_number) {
        return None;
    }
    let mut each = numbers.split(';');
    let passes = match (prefix, intermediates, last) {
        // The lines scrolled off are the user's.
        ("" | "?", "", 'J') => each.all(|number| number.trim_start_matches('0') != "3"),
        ("", "", 'h' | 'l') => each.all(|number| number == "4"),
        // With more numbers it is a way to track the mouse.
        ("", "", 'T') => each.count() <= 1,
        (
            "",
            "",
            '@'..='I' | 'K'..='M' | 'P' | 'S' | 'X' | 'Z' | '`' | 'a' | 'b' | 'd'..='g' | 'm' | 'r' | 's' | 'u',
        )
        | ("?", "", 'K' | 'W')
        | ("", " ", '@' | 'A' | 'q')
        | ("", "!", 'p')
        | ("", "\"", 'q') => true,
        ("?", "", 'h' | 'l') => {
            let modes: Vec<_> = each.filter(|mode| SCREEN_MODES.contains(mode)).collect();
            return (!modes.is_empty()).then(|| format!("?{}", modes.join(";")));
        }
        _ => false,
    };
    passes.then(|| held.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(output: &str) -> String {
        DisplayFilter::default().push(output)
    }

    #[test]
    fn what_is_seen_passes() {
        for output in [
            "plain \u{20ac} \u{1f600} \u{202e}text\r\n\t\u{8}\u{7}",
            "\x1b[1;31mred\x1b[0m \x1b[38:2::1:2:3mtrue\x1b[m",
            "\x1b[2J\x1b[H\x1b[10;20H\x1b[5A\x1b[K\x1b[1K\x1b[?2K\x1b[4@\x1b[3P\x1b[2L\x1b[S\x1b[2T",
            "\x1b[?1049h\x1b[?25l\x1b[?7h\x1b[?2026h\x1b[?2026l\x1b[4h\x1b[2;20r\x1b[r\x1b[3g\x1b[2 q\x1b[!p",
            "\x1b7\x1b8\x1bM\x1bD\x1bE\x1bH\x1b(0lqk\x1b(B\x1b)0\u{e}x\u{f}\x1b#8",
            "\x1b]0;a title\x1b\\\x1b]8;id=1;https://example.com/a;b\x1b\\link\x1b]8;;\x1b\\",
        ] {
            assert_eq!(shown(output), output);
        }
        assert_eq!(shown("\x1b]2;bell\u{7}"), "\x1b]2;bell\x1b\\");
        assert_eq!(shown("\u{9b}31m\u{85}\u{8d}"), "\x1b[31m\x1bE\x1bM");
    }

    #[test]
    fn what_could_be_more_than_seen_is_dropped() {
        for output in [
            // Questions.
            "\x1b[c",
            "\x1b[>c",
            "\x1b[=c",
            "\x1b[5n",
            "\x1b[6n",
            "\x1b[?6n",
            "\x1b[?1$p",
            "\x1b[2$p",
            "\x1b[>q",
            "\x1b[>0q",
            "\x1b[?u",
            "\x1b[14t",
            "\x1b[18t",
            "\x1b[21t",
            "\x1b[x",
            "\x1b[1$w",
            "\x1bZ",
            "\u{5}",
            "\u{9a}",
            "\x1b[?4m",
            "\x1b]10;?\u{7}",
            "\x1b]4;1;?\x1b\\",
            "\x1b]52;c;?\u{7}",
            "\u{9d}52;c;?\u{9c}",
            "\x1bP+q4d73\x1b\\",
            "\x1bP$qm\x1b\\",
            // Keys, mouse, paste, focus, keypad.
            "\x1b[?1h",
            "\x1b[?1000h",
            "\x1b[?1003;1006h",
            "\x1b[?2004h",
            "\x1b[?1004h",
            "\x1b[>1u",
            "\x1b[<u",
            "\x1b[=5u",
            "\x1b[>4;2m",
            "\x1b=",
            "\x1b>",
            "\x1b[20h",
            "\x1b[2h",
            "\x1b[1;2;3;4;5T",
            "\x1b[?1001h",
            // Clipboard, palette, notifications, directories, images, printing, windows, pass-through, character sets.
            "\x1b]52;c;aGk=\u{7}",
            "\x1b]4;1;#fff\u{7}",
            "\x1b]11;#fff\u{7}",
            "\x1b]104\u{7}",
            "\x1b]9;hi\u{7}",
            "\x1b]777;notify;a;b\u{7}",
            "\x1b]7;file://h/\u{7}",
            "\x1b]1337;File=name=a:AAAA\u{7}",
            "\x1b]50;font\u{7}",
            "\x1b]8;;file:///etc/passwd\x1b\\",
            "\x1b]8;;javascript:1\u{7}",
            "\x1b_Gf=100,t=f;L2V0Yw==\x1b\\",
            "\x1bPq#0;2;0\x1b\\",
            "\x1bPtmux;\x1b\x1b]52;c;?\x1b\\",
            "\x1b^x\x1b\\",
            "\x1bXx\u{9c}",
            "\x1b[5i",
            "\x1b[?5i",
            "\x1b[8;50;50t",
            "\x1b[9;1t",
            "\x1b[22;0t",
            "\x1b%@",
            "\x1b%G",
            "\x1bn",
            "\x1b*0",
            "\x1b[3J",
            "\x1b[0;03J",
            "\x1b[?3h",
            "\x1b[99999999b",
            "\x1b[1;1;1;1$r",
            "\x1b[?s",
            "\x1b[?1049r",
            "\0",
            "\u{7f}",
            "\u{11}",
            "\u{80}",
            "\u{8e}",
        ] {
            let left = shown(&format!("<{output}>"));
            // Of tmux's pass-through the rest is text and a dropped question of its own.
            assert_eq!(left, "<>", "{output:?}");
        }
        assert_eq!(shown("\x1b[?25;1000;1049h"), "\x1b[?25;1049h", "what is seen of a mixture stays");
        assert_eq!(shown("a\x1bcb"), format!("a{SOFT_RESET}b"));
        assert_eq!(shown(&format!("\x1b]2;{}\u{7}<\x1b[{}m>", "x".repeat(5000), "1;".repeat(200))), "<>");
    }

    #[test]
    fn what_breaks_a_sequence_off_counts() {
        assert_eq!(shown("\x1b]2;title\x1b[31mred"), "\x1b[31mred");
        assert_eq!(shown("\x1bPdropped\x1b[31mred"), "\x1b[31mred");
        assert_eq!(shown("\x1b[3\u{18}1m"), "1m");
        assert_eq!(shown("\x1b[3\n1m"), "\n\x1b[31m", "obeyed in the middle, as terminals do");
        assert_eq!(shown("\x1b[6\u{20ac}n"), "n", "a broken question is none");
        assert_eq!(shown("\x1b[\x1b[6n\x1b\x1b[6n"), "");
        assert_eq!(shown("unfinished\x1b[?104"), "unfinished");
    }

    /// Characters of which sequences are made, more often than others.
    fn output() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                3 => "[\\[\\]P_^X()#%?<>=!$ \";:\\\\0-9a-zA-Z@`~]{1,4}",
                3 => Just("\u{1b}".to_owned()),
                2 => Just("\u{1b}[".to_owned()),
                2 => Just("\u{1b}]".to_owned()),
                1 => "[\u{0}-\u{1f}\u{7f}-\u{9f}]",
                1 => Just("52;c;?".to_owned()),
                1 => "\\PC",
            ],
            0..40,
        )
        .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_passes_that_would_not_pass_again(output in output()) {
            let once = shown(&output);
            prop_assert_eq!(shown(&once), once.as_str());
            let left = once.contains(|character| matches!(character, '\u{80}'..='\u{9f}' | '\u{7f}' | '\u{5}'));
            prop_assert!(!left, "{:?}", once);
        }

        #[test]
        fn every_sequence_that_passes_is_one_of_the_table(output in output()) {
            let allowed = regex::Regex::new(
                r"^(\x1b(\[[0-9;:]*[@A-IK-MPSXZ`abd-gmrsuT]|\[\??[0-9;:]*[JK]|\[\?[0-9;:]*W|\[[0-9;]*[hl]|\[\?[0-9;]+[hl]|\[[0-9;:]*( [@Aq]|!p|\x22q)|[78DEHM]|#[3-8]|[()][0AB]|\][0128];[^\x00-\x1f\x7f-\x9f]*\x1b\\)|[\x07-\x0f]|[^\x00-\x1f\x7f-\x9f])*$"
            ).unwrap();
            let shown = shown(&output);
            prop_assert!(allowed.is_match(&shown), "{:?}", shown);
        }

        #[test]
        fn cutting_changes_nothing(output in output(), cuts in proptest::collection::vec(0usize..200, 0..6)) {
            let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| output.is_char_boundary(*cut)).collect();
            cuts.extend([0, output.len()]);
            cuts.sort_unstable();
            let mut filter = DisplayFilter::default();
            let pieces: String = cuts.windows(2).map(|pair| filter.push(&output[pair[0]..pair[1]])).collect();
            prop_assert_eq!(pieces, shown(&output));
        }
    }
}
