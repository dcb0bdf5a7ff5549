//! `tunnel`.

use std::net::IpAddr;

use clap::Args;

/// What to lead to, and from where.
#[derive(Clone, Debug, Args)]
pub struct Tunnel {
    /// AGENT or agent/NAME
    #[arg(value_name = "AGENT")]
    pub agent: String,
    /// Port on this machine, and port of the agent's Pod [default: a free one, and the server's]
    #[arg(value_name = "LOCAL[:REMOTE]", default_value_t, hide_default_value = true)]
    pub ports: Ports,
    /// Loopback address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = loopback)]
    pub address: IpAddr,
}

/// Both ends of a tunnel; none where it is not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// On this machine.
    pub local: Option<u16>,
    /// Of the Pod.
    pub remote: Option<u16>,
}

impl std::str::FromStr for Ports {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (local, remote) = text.split_once(':').map_or((text, None), |(local, remote)| (local, Some(remote)));
        let port = |port: &str| match port.parse::<u16>() {
            Ok(port) => Ok(port),
            Err(_) => Err(format!("\"{port}\" is no port: write LOCAL, LOCAL:REMOTE or :REMOTE")),
        };
        let local = if local.is_empty() && remote.is_some() { 0 } else { port(local)? };
        let remote = match remote.map(port).transpose()? {
            Some(0) => return Err("the port of the Pod is not 0".to_owned()),
            remote => remote,
        };
        // As elsewhere, 0 takes a free one.
        Ok(Self { local: Some(local).filter(|port| *port != 0), remote })
    }
}

impl std::fmt::Display for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.local.unwrap_or_default())?;
        self.remote.map_or(Ok(()), |remote| write!(f, ":{remote}"))
    }
}

/// Reads an address that only programs of this machine reach.
fn loopback(text: &str) -> Result<IpAddr, String> {
    let address = if text == "localhost" { Ok(IpAddr::from([127, 0, 0, 1])) } else { text.parse::<IpAddr>() };
    match address {
        Ok(address) if address.is_loopback() => Ok(address),
        Ok(_) => Err("a tunnel carries the agent's power and listens on a loopback address only".to_owned()),
        Err(_) => Err("it is no IP address".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_written_as_for_port_forward() {
        let ports = |text: &str| text.parse::<Ports>().map(|ports| (ports.local, ports.remote));
        assert_eq!(ports("8080"), Ok((Some(8080), None)));
        assert_eq!(ports("8080:3000"), Ok((Some(8080), Some(3000))));
        assert_eq!(ports(":3000"), Ok((None, Some(3000))));
        assert_eq!(ports("0:3000"), Ok((None, Some(3000))));
        assert_eq!(ports("0"), Ok((None, None)));
        for wrong in ["", ":", "a", "1:b", "1:0", "70000", "1:2:3", "-1"] {
            assert!(ports(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(Ports::default().to_string().parse(), Ok(Ports::default()));
    }

    #[test]
    fn only_loopback_is_listened_on() {
        for address in ["127.0.0.1", "127.9.8.7", "::1", "localhost"] {
            assert!(loopback(address).is_ok(), "{address}");
        }
        for address in ["0.0.0.0", "::", "192.168.1.2", "::ffff:192.168.1.2", "example.com", ""] {
            assert!(loopback(address).is_err(), "{address}");
        }
    }
}
