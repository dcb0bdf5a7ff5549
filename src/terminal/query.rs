//! Which control sequences make a terminal answer: it types the answer, as if the user had.
//!
//! Sources: xterm `ctlseqs`; the kitty keyboard, graphics, colour, notification and clipboard protocols; iTerm2's
//! proprietary sequences; DEC STD 070 for the rest.

/// First parameters of `CSI … t` (window operations) that ask for a report.
const WINDOW_REPORTS: [&[u8]; 9] = [b"11", b"13", b"14", b"15", b"16", b"18", b"19", b"20", b"21"];
/// OSC numbers whose text is free, so that a question mark in it asks nothing: titles, directory, hyperlink,
/// notification, text size, shell integration.
const FREE_TEXT: [&[u8]; 10] = [b"0", b"1", b"2", b"7", b"8", b"9", b"66", b"133", b"633", b"777"];
/// What iTerm2 answers, after `OSC 1337 ;`.
const ITERM_REPORTS: [&[u8]; 4] = [b"ReportCellSize", b"ReportVariable=", b"Capabilities", b"RequestUpload="];

/// Whether `CSI body` asks: DA1–3, DSR and CPR, DECRQM, XTVERSION, the kitty keyboard's flags, XTQMODKEYS, XTSMGRAPHICS,
/// window reports, checksums, the locator, presentation and terminal state.
pub(super) fn csi_asks(body: &[u8]) -> bool {
    let Some((last, rest)) = body.split_last() else { return false };
    let marks = rest.iter().take_while(|byte| matches!(byte, b'<'..=b'?')).count();
    let (mark, rest) = rest.split_at(marks);
    let parameters = rest.iter().take_while(|byte| matches!(byte, b'0'..=b';')).count();
    let (parameters, between) = rest.split_at(parameters);
    match (mark, between, last) {
        (b"" | b">" | b"=", b"", b'c')
        | (b"" | b"?", b"", b'n')
        | (b"" | b"?", b"$", b'p')
        | (b">", b"" | b" ", b'q')
        | (b"?", b"", b'u' | b'm' | b'S')
        | (b"", b"" | b"+", b'x')
        | (b"", b"*", b'y')
        | (b"", b"'" | b"#", b'|')
        | (b"", b"$", b'w')
        | (b"", b"$" | b"&", b'u')
        | (b"", b"\"", b'v')
        | (b"", b"#", b'R') => true,
        (b"", b"", b't') => {
            let first = parameters.split(|byte| *byte == b';').next().unwrap_or_default();
            WINDOW_REPORTS.contains(&first)
        }
        _ => false,
    }
}

/// Whether `OSC body` asks: colours, fonts, pointers, features, iTerm2's and kitty's own; any unknown one with a `?`
/// where a value would stand.
pub(super) fn osc_asks(body: &[u8]) -> bool {
    let mut fields = body.split(|byte| *byte == b';');
    let number = fields.next().unwrap_or_default();
    match number {
        number if FREE_TEXT.contains(&number) => false,
        b"60" | b"61" => true,
        b"99" => fields.next().is_some_and(|about| about.split(|byte| *byte == b':').any(|key| key == b"p=?")),
        b"1337" => fields.next().is_some_and(|what| ITERM_REPORTS.iter().any(|report| what.starts_with(report))),
        b"5522" => fields.any(|field| field.split(|byte| *byte == b':').any(|key| key == b"type=read")),
        _ => fields.any(|field| field.starts_with(b"?") || field.ends_with(b"=?")),
    }
}

/// Whether `DCS body` asks: DECRQSS, XTGETTCAP, XTGETXRES.
pub(super) fn dcs_asks(body: &[u8]) -> bool {
    let parameters = body.iter().take_while(|byte| matches!(byte, b'0'..=b';')).count();
    matches!(body.get(parameters..parameters + 2), Some(b"$q" | b"+q" | b"+Q"))
}

/// What becomes of `APC body` that must not be answered: none for a question of the kitty graphics protocol, the same
/// with answers turned off (`q=2`) for an image, and itself for everything else.
pub(super) fn apc_unanswered(body: &[u8]) -> Option<Vec<u8>> {
    let Some(graphics) = body.strip_prefix(b"G") else { return Some(body.to_vec()) };
    let control = graphics.split(|byte| *byte == b';').next().unwrap_or_default();
    let keys = || control.split(|byte| *byte == b',');
    if keys().any(|key| key == b"a=q") {
        return None;
    }
    if keys().any(|key| key.starts_with(b"q=")) {
        return Some(body.to_vec());
    }
    let comma: &[u8] = if control.is_empty() { b"" } else { b"," };
    Some([b"Gq=2", comma, graphics].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_that_set_or_show_something_ask_nothing() {
        for body in [
            "1;31m", ">4;1m", "2 q", "1\"q", "?1049h", ">1u", "<u", "u", "=1;1u", "!p", "?25l", "22;0t", "8;24;80t",
            "10;20H", "2$~", "3*x", "?5W",
        ] {
            assert!(!csi_asks(body.as_bytes()), "CSI {body}");
        }
        for body in [
            "0;what?",
            "2;?",
            "8;;http://x/?a=?",
            "4;1;rgb:00/00/00",
            "112",
            "133;A;k=?",
            "1337;File=name=x:abc",
            "99;i=1:d=0;?",
        ] {
            assert!(!osc_asks(body.as_bytes()), "OSC {body}");
        }
        assert!(!dcs_asks(b"0;1|17/ab") && !dcs_asks(b"q#0;2;0;0;0~"));
    }

    #[test]
    fn images_are_shown_without_an_answer() {
        assert_eq!(apc_unanswered(b"Gi=1,a=q;AAAA"), None);
        assert_eq!(apc_unanswered(b"Gi=1,a=T;AAAA").unwrap(), b"Gq=2,i=1,a=T;AAAA");
        assert_eq!(apc_unanswered(b"Gi=1,q=1;AA").unwrap(), b"Gi=1,q=1;AA");
        assert_eq!(apc_unanswered(b"G;AA").unwrap(), b"Gq=2;AA");
        assert_eq!(apc_unanswered(b"other").unwrap(), b"other");
    }
}
