//! Which proxy leads to the API server: Go's rules (`golang.org/x/net/http/httpproxy`), which kubectl follows.
//!
//! `https` addresses look at `HTTPS_PROXY`, `http` ones at `HTTP_PROXY`, small letters too; `localhost` and loopback
//! addresses never use one; `NO_PROXY` holds hosts, domains (`.example.com`), networks (`10.0.0.0/8`) and `*`.

use std::net::IpAddr;

use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::proxy::Tunnel;

use crate::error::{Code, Error, Result};

/// Reads a proxy's address; without a scheme it is an HTTP proxy.
pub(super) fn parse(address: &str) -> Result<Uri> {
    let wrong = |why: &str| Error::new(Code::InvalidConfiguration, "the address of the proxy is wrong").because(why);
    let address = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    // The parser's own text is left out: the address may hold a password.
    let uri: Uri = address.parse().map_err(|_| wrong("it is no URL"))?;
    match uri.scheme_str() {
        Some("http" | "https" | "socks5" | "socks5h") => Ok(uri),
        _ => Err(wrong("its scheme is none of http, https, socks5")),
    }
}

/// The proxy that the environment names for `target`.
pub(super) fn from_environment(target: &Uri, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Uri>> {
    let either = |upper: &str| {
        variable(upper).or_else(|| variable(&upper.to_ascii_lowercase())).filter(|value| !value.is_empty())
    };
    let name = if target.scheme_str() == Some("http") { "HTTP_PROXY" } else { "HTTPS_PROXY" };
    let Some(address) = either(name) else { return Ok(None) };
    let host = target.host().unwrap_or_default().trim_matches(['[', ']']);
    if is_loopback(host) || either("NO_PROXY").is_some_and(|list| list.split(',').any(|entry| matches(entry, host))) {
        return Ok(None);
    }
    parse(&address).map(Some)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an entry of `NO_PROXY` covers `host`.
fn matches(entry: &str, host: &str) -> bool {
    let entry = entry.trim().to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let (Some((network, bits)), Ok(address)) = (entry.split_once('/'), host.parse::<IpAddr>()) {
        return match (network.parse(), bits.parse()) {
            (Ok(network), Ok(bits)) => in_network(address, network, bits),
            _ => false,
        };
    }
    let entry =
        entry.split(':').next().filter(|_| entry.matches(':').count() == 1).map_or(entry.clone(), str::to_owned);
    match entry.strip_prefix("*.").or_else(|| entry.strip_prefix('.')) {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => host == entry || host.strip_suffix(entry.as_str()).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn in_network(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

/// Adds the credentials of the proxy's address to the tunnel's handshake.
pub(super) fn authorized<C>(proxy: &Uri, tunnel: Tunnel<C>) -> Tunnel<C> {
    use base64::Engine as _;
    let user = proxy.authority().and_then(|authority| authority.as_str().rsplit_once('@')).map(|(user, _)| user);
    let token = user.map(|user| base64::engine::general_purpose::STANDARD.encode(percent_decoded(user)));
    match token.and_then(|token| HeaderValue::try_from(format!("Basic {token}")).ok()) {
        Some(mut value) => {
            value.set_sensitive(true);
            tunnel.with_auth(value)
        }
        None => tunnel,
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|hex| byte == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let value = hex.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(value.unwrap_or(byte));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(target: &str, environment: &[(&str, &str)]) -> Option<String> {
        let variable =
            |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        from_environment(&target.parse().unwrap(), variable).unwrap().map(|uri| uri.to_string())
    }

    #[test]
    fn the_environment_s_proxy_is_used_except_for_loopback() {
        let environment = [("https_proxy", "proxy:3128")];
        assert_eq!(chosen("https://k8s.example:6443", &environment).as_deref(), Some("http://proxy:3128/"));
        assert_eq!(chosen("https://127.0.0.1:6443", &environment), None);
        assert_eq!(chosen("https://localhost:6443", &environment), None);
        assert_eq!(chosen("http://k8s.example", &environment), None, "http looks at HTTP_PROXY");
    }

    #[test]
    fn no_proxy_names_the_target_not_the_proxy() {
        let with = |list| [("HTTPS_PROXY", "http://proxy:3128"), ("NO_PROXY", list)];
        for list in ["*", "example.com", ".example.com", "k8s.example.com", " other , .example.com"] {
            assert_eq!(chosen("https://k8s.example.com", &with(list)), None, "{list}");
        }
        for list in ["", "proxy", "ample.com", "10.0.0.0/8"] {
            assert!(chosen("https://k8s.example.com", &with(list)).is_some(), "{list}");
        }
        assert_eq!(chosen("https://10.1.2.3", &with("10.0.0.0/8")), None);
        assert!(chosen("https://11.1.2.3", &with("10.0.0.0/8")).is_some());
        assert_eq!(chosen("https://[fd00::1]", &with("fd00::/8")), None);
    }

    #[test]
    fn a_wrong_address_is_told_without_its_password() {
        let error = parse("ftp://user:hunter2@proxy").unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
        assert_eq!(percent_decoded("user:p%40ss%zz"), b"user:p@ss%zz");
    }
}
