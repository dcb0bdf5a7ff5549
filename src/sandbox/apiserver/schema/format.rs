//! String formats that kube-apiserver checks (`k8s.io/kube-openapi/pkg/validation/strfmt`); it ignores all others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Whether a text is of a format.
pub(super) fn is_valid(format: &str, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => text.parse::<jiff::Timestamp>().is_ok(),
        "date" => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        "duration" => is_duration(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => text.split_once('/').is_some_and(|(address, bits)| {
            let limit = match address.parse::<IpAddr>() {
                Ok(IpAddr::V4(_)) => 32,
                Ok(IpAddr::V6(_)) => 128,
                Err(_) => return false,
            };
            bits.parse::<u8>().is_ok_and(|bits| bits <= limit)
        }),
        "mac" => {
            let parts: Vec<&str> = text.split([':', '-']).collect();
            matches!(parts.len(), 6 | 8 | 20)
                && parts.iter().all(|part| part.len() == 2 && u8::from_str_radix(part, 16).is_ok())
        }
        "hostname" => is_hostname(text),
        "email" => {
            text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !text.contains(' '))
        }
        "uri" => is_uri(text),
        "byte" => STANDARD.decode(text).is_ok(),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => uuid::Uuid::try_parse(text).is_ok_and(|uuid| {
            format
                .strip_prefix("uuid")
                .is_none_or(|version| version.is_empty() || version == uuid.get_version_num().to_string())
        }),
        _ => true,
    }
}

/// What `time.ParseDuration` of Go reads, and the long units of strfmt.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut any = false;
    while !rest.is_empty() {
        let digits = rest.find(|digit: char| !(digit.is_ascii_digit() || digit == '.')).unwrap_or(rest.len());
        if rest[..digits].parse::<f64>().is_err() {
            return false;
        }
        rest = rest[digits..].trim_start();
        let unit = rest.find(|letter: char| letter.is_ascii_digit() || letter == ' ').unwrap_or(rest.len());
        let known = [
            "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "sec", "secs", "second", "seconds", "min", "mins",
            "minute", "minutes", "hr", "hrs", "hour", "hours", "day", "days", "wk", "week", "weeks",
        ];
        if !known.contains(&&rest[..unit]) {
            return false;
        }
        rest = rest[unit..].trim_start();
        any = true;
    }
    any
}

fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 255 && text.split('.').all(label)
}

/// `url.ParseRequestURI` of Go: absolute, or a path from the root.
fn is_uri(text: &str) -> bool {
    let plain = !text.chars().any(|character| character.is_control() || character == ' ');
    let absolute = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
            && !rest.is_empty()
    });
    plain && (absolute || text.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn formats_take_and_refuse() {
        for (format, right, wrong) in [
            ("date-time", "2026-01-02T03:04:05Z", "2026-01-02"),
            ("date", "2026-01-02", "2026-13-02"),
            ("duration", "1h30m", "1x"),
            ("duration", "-1.5s", "s"),
            ("ipv4", "127.0.0.1", "::1"),
            ("ipv6", "::1", "127.0.0.1"),
            ("cidr", "10.0.0.0/8", "10.0.0.0/33"),
            ("mac", "01:23:45:67:89:ab", "01:23:45:67:89"),
            ("hostname", "a-b.example", "-a.example"),
            ("email", "a@b.c", "a.b.c"),
            ("uri", "https://a/b", "a/b"),
            ("byte", "aGk=", "a"),
            ("uuid4", "7f0c3a8e-3b1c-4a5e-9d43-0a1b2c3d4e5f", "7f0c3a8e-3b1c-1a5e-9d43-0a1b2c3d4e5f"),
        ] {
            assert!(is_valid(format, right), "{format} {right}");
            assert!(!is_valid(format, wrong), "{format} {wrong}");
        }
        assert!(is_valid("int64", "whatever the server does not know"));
    }
}
