//! `tunnel`: a local port that leads to an agent's Pod through the sandbox's API server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::cluster::Cluster;
use crate::program::Program;

/// A server that sends back what it gets, and ends a connection when the client has.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            std::thread::spawn(move || std::io::copy(&mut stream.try_clone().unwrap(), &mut { stream }));
        }
    });
    address
}

fn cluster() -> Cluster {
    let cluster = Cluster::with_opencode(Some(echo()));
    cluster.ready_agent("dev");
    cluster
}

/// A tunnel that is open.
struct Open {
    child: Child,
    address: SocketAddr,
    stderr: BufReader<ChildStderr>,
}

impl Open {
    fn start(program: &Program, words: &[&str]) -> Self {
        let mut child = program.start(&[&["tunnel"], words].concat());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let Some(address) = line.strip_prefix("http://") else {
            panic!("{line:?}\n{}", std::io::read_to_string(stderr).unwrap())
        };
        Self { child, address: address.trim_end().parse().unwrap(), stderr }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends, and waits until as much has come back.
    fn echoes(&self, stream: &mut TcpStream, text: &[u8]) {
        let mut writer = stream.try_clone().unwrap();
        let sent = text.to_vec();
        let writing = std::thread::spawn(move || writer.write_all(&sent).unwrap());
        let mut back = vec![0; text.len()];
        stream.read_exact(&mut back).unwrap();
        writing.join().unwrap();
        assert!(back == text);
    }

    fn ends_by(mut self, signal: Signal) -> String {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        assert!(TcpStream::connect(self.address).is_err(), "nothing listens any more");
        std::io::read_to_string(&mut self.stderr).unwrap()
    }
}

#[test]
fn a_free_port_leads_to_the_agent_until_a_signal_ends_it() {
    let cluster = cluster();
    let program = cluster.program();
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let tunnel = Open::start(&program, &["dev"]);
        assert!(tunnel.address.ip().is_loopback());
        let mut stream = tunnel.connect();
        tunnel.echoes(&mut stream, b"hello");
        let address = tunnel.address;
        let said = tunnel.ends_by(signal);
        assert_eq!(
            said,
            format!("warning: anyone who can reach {address} can control agent \"dev\" while this runs\n")
        );
        // What was open is closed, too: an end or a reset.
        assert!(!matches!(stream.read(&mut [0; 8]), Ok(1..)));
    }
}

#[test]
fn many_connections_are_led_at_once_and_each_to_its_own_end() {
    let cluster = cluster();
    let program = cluster.program();
    let tunnel = Open::start(&program, &["agent/dev", "0"]);
    let mut idle = tunnel.connect();
    std::thread::scope(|scope| {
        for number in 0..8_u8 {
            let tunnel = &tunnel;
            scope.spawn(move || {
                let mut stream = tunnel.connect();
                tunnel.echoes(&mut stream, &vec![number; 2 << 20]);
                // All that was on the way comes back before the end does.
                stream.write_all(b"last words").unwrap();
                let mut rest = [0; 10];
                stream.read_exact(&mut rest).unwrap();
                assert_eq!(&rest, b"last words");
                stream.shutdown(Shutdown::Both).unwrap();
            });
        }
    });
    tunnel.echoes(&mut idle, b"still here");
    tunnel.ends_by(Signal::SIGTERM);
}

#[test]
fn a_replaced_pod_costs_its_connections_and_nothing_else() {
    let cluster = cluster();
    let program = cluster.program();
    let tunnel = Open::start(&program, &["dev"]);
    tunnel.echoes(&mut tunnel.connect(), b"first");
    cluster.delete_pod("dev-server-0");
    // There is no Pod now: this connection waits for one.
    let mut waiting = tunnel.connect();
    let labels = json!({"kubeopencode.io/agent": "dev", "app.kubernetes.io/name": "kubeopencode-server"});
    cluster.running_pod("dev-server-1", "opencode-server", &labels);
    tunnel.echoes(&mut waiting, b"second");
    tunnel.echoes(&mut tunnel.connect(), b"third");
    tunnel.ends_by(Signal::SIGTERM);
}

#[test]
fn a_pod_serves_on_while_it_is_being_deleted_unless_there_is_another_or_the_agent_is_suspended() {
    let cluster = cluster();
    let program = cluster.program();
    let open = Open::start(&program, &["dev"]);
    let mut before = open.connect();
    open.echoes(&mut before, b"before");
    cluster.terminate_pod("dev-server-0");
    open.echoes(&mut before, b"still");
    open.echoes(&mut open.connect(), b"again");
    open.ends_by(Signal::SIGTERM);
    let late = Open::start(&program, &["-v", "dev"]);
    late.echoes(&mut late.connect(), b"late");
    assert!(late.ends_by(Signal::SIGTERM).contains("of Pod dev-server-0"));
    let labels = json!({"kubeopencode.io/agent": "dev", "app.kubernetes.io/name": "kubeopencode-server"});
    cluster.running_pod("dev-server-1", "opencode-server", &labels);
    let new = Open::start(&program, &["-v", "dev"]);
    new.echoes(&mut new.connect(), b"new");
    assert!(new.ends_by(Signal::SIGTERM).contains("of Pod dev-server-1"));
    cluster.delete_pod("dev-server-1");
    program.run(&["agent", "suspend", "dev"]).exits(0);
    program.run(&["tunnel", "dev"]).exits(5).says("agent \"dev\" is suspended");
}

#[test]
fn a_port_that_is_taken_and_an_address_for_everybody_are_refused() {
    let cluster = cluster();
    let program = cluster.program();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let seen = program.run(&["tunnel", "dev", &port]).exits(6).prints("");
    let expected = format!(
        "error: cannot listen on 127.0.0.1:{port}\ncaused by: Address already in use (os error 98)\n\
         hint: `kubectl opencode tunnel dev` takes a free port\n"
    );
    assert_eq!(seen.stderr, expected);
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
        program.run(&["tunnel", "dev", "--address", address]).exits(2).says("loopback address only");
    }
    program.run(&["tunnel", "dev", "80:none"]).exits(2).says("\"none\" is no port");
    program.run(&["tunnel", "session/x"]).exits(2).says("\"session\" is no agent");
}

#[test]
fn what_cannot_be_reached_is_told_before_a_port_is() {
    let cluster = cluster();
    let pods = json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]});
    cluster.grant("jane", &json!([pods]));
    let program = cluster.program();
    program.run(&["tunnel", "nope"]).exits(3).prints("").says("agent \"nope\"");
    program.run(&["--as", "jane", "tunnel", "dev"]).exits(4).prints("").says("get and create on pods/portforward");
}

#[test]
fn an_agent_that_goes_away_is_told_once() {
    let cluster = cluster();
    let program = cluster.program();
    let mut tunnel = Open::start(&program, &["dev"]);
    cluster.delete(&kubectl_opencode::api::kinds::AGENT, "dev");
    cluster.delete_pod("dev-server-0");
    let begun = Instant::now();
    for _ in 0..2 {
        assert_eq!(tunnel.connect().read(&mut [0; 8]).unwrap(), 0, "closed");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "not tried again");
    let mut line = String::new();
    tunnel.stderr.read_line(&mut line).unwrap();
    line.clear();
    tunnel.stderr.read_line(&mut line).unwrap();
    assert!(line.contains("agent \"dev\" in namespace \"default\" does not exist"), "{line}");
    assert_eq!(tunnel.ends_by(Signal::SIGINT), "", "not told again");
}
