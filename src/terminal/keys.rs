//! Keys as bytes, for a console that reports them as events: what xterm writes (ctlseqs, "PC-Style Function Keys").

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a terminal writes when this key goes down; None for keys that it writes nothing for.
pub fn encode(key: &KeyEvent) -> Option<Vec<u8>> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let modifiers = key.modifiers;
    let code = match key.code {
        KeyCode::Char(character) => return Some(encode_character(character, modifiers)),
        KeyCode::Enter => return Some(with_alt(b"\r", modifiers)),
        KeyCode::Tab => return Some(with_alt(b"\t", modifiers)),
        KeyCode::Esc => return Some(with_alt(b"\x1b", modifiers)),
        KeyCode::Backspace if modifiers.contains(KeyModifiers::CONTROL) => return Some(with_alt(b"\x08", modifiers)),
        KeyCode::Backspace => return Some(with_alt(b"\x7f", modifiers)),
        KeyCode::BackTab => return Some(b"\x1b[Z".to_vec()),
        code => code,
    };
    let modified = 1
        + u8::from(modifiers.contains(KeyModifiers::SHIFT))
        + 2 * u8::from(modifiers.contains(KeyModifiers::ALT))
        + 4 * u8::from(modifiers.contains(KeyModifiers::CONTROL));
    let sequence = match sequence(code)? {
        Sequence::Letter(letter) if modified == 1 => format!("\x1b[{letter}"),
        Sequence::Function(letter) if modified == 1 => format!("\x1bO{letter}"),
        Sequence::Letter(letter) | Sequence::Function(letter) => format!("\x1b[1;{modified}{letter}"),
        Sequence::Number(number) if modified == 1 => format!("\x1b[{number}~"),
        Sequence::Number(number) => format!("\x1b[{number};{modified}~"),
    };
    Some(sequence.into_bytes())
}

/// How a key without a character is written.
enum Sequence {
    /// `CSI letter`.
    Letter(char),
    /// `SS3 letter`.
    Function(char),
    /// `CSI number ~`.
    Number(u8),
}

fn sequence(code: KeyCode) -> Option<Sequence> {
    Some(match code {
        KeyCode::Up => Sequence::Letter('A'),
        KeyCode::Down => Sequence::Letter('B'),
        KeyCode::Right => Sequence::Letter('C'),
        KeyCode::Left => Sequence::Letter('D'),
        KeyCode::End => Sequence::Letter('F'),
        KeyCode::Home => Sequence::Letter('H'),
        KeyCode::Insert => Sequence::Number(2),
        KeyCode::Delete => Sequence::Number(3),
        KeyCode::PageUp => Sequence::Number(5),
        KeyCode::PageDown => Sequence::Number(6),
        KeyCode::F(number @ 1..=4) => Sequence::Function(char::from(b'O' + number)),
        KeyCode::F(number @ 5..=12) => Sequence::Number([15, 17, 18, 19, 20, 21, 23, 24][usize::from(number - 5)]),
        _ => return None,
    })
}

fn encode_character(character: char, modifiers: KeyModifiers) -> Vec<u8> {
    let control = modifiers.contains(KeyModifiers::CONTROL);
    // AltGr is reported as both: it writes the character that stands on the key.
    if control && modifiers.contains(KeyModifiers::ALT) && !character.is_ascii_alphanumeric() {
        return character.to_string().into_bytes();
    }
    let code = match character.to_ascii_lowercase() {
        letter @ 'a'..='z' => letter as u8 & 0x1f,
        ' ' | '@' | '2' => 0x00,
        '[' | '3' => 0x1b,
        '\\' | '4' => 0x1c,
        ']' | '5' => 0x1d,
        '^' | '6' => 0x1e,
        '_' | '/' | '7' => 0x1f,
        '?' | '8' => 0x7f,
        _ => return with_alt(character.to_string().as_bytes(), modifiers),
    };
    if control { with_alt(&[code], modifiers) } else { with_alt(character.to_string().as_bytes(), modifiers) }
}

fn with_alt(bytes: &[u8], modifiers: KeyModifiers) -> Vec<u8> {
    let escape: &[u8] = if modifiers.contains(KeyModifiers::ALT) { b"\x1b" } else { b"" };
    [escape, bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_xterm_writes_them() {
        const NONE: KeyModifiers = KeyModifiers::NONE;
        const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
        const ALT: KeyModifiers = KeyModifiers::ALT;
        let written = |code, modifiers| {
            encode(&KeyEvent::new(code, modifiers)).map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default()
        };
        for (code, modifiers, bytes) in [
            (KeyCode::Char('ä'), NONE, "ä"),
            (KeyCode::Char('c'), CONTROL, "\x03"),
            (KeyCode::Char(']'), CONTROL, "\x1d"),
            (KeyCode::Char('5'), CONTROL, "\x1d"),
            (KeyCode::Char('5'), NONE, "5"),
            (KeyCode::Char('b'), ALT, "\x1bb"),
            (KeyCode::Char('@'), CONTROL | ALT, "@"),
            (KeyCode::Enter, NONE, "\r"),
            (KeyCode::Backspace, NONE, "\x7f"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "\x1b[Z"),
            (KeyCode::Up, NONE, "\x1b[A"),
            (KeyCode::Left, CONTROL, "\x1b[1;5D"),
            (KeyCode::Delete, NONE, "\x1b[3~"),
            (KeyCode::PageUp, KeyModifiers::SHIFT, "\x1b[5;2~"),
            (KeyCode::F(1), NONE, "\x1bOP"),
            (KeyCode::F(4), ALT, "\x1b[1;3S"),
            (KeyCode::F(12), NONE, "\x1b[24~"),
            (KeyCode::CapsLock, NONE, ""),
        ] {
            assert_eq!(written(code, modifiers), bytes, "{code:?} {modifiers:?}");
        }
        let mut released = KeyEvent::new(KeyCode::Char('a'), NONE);
        released.kind = KeyEventKind::Release;
        assert_eq!(encode(&released), None);
    }
}
