//! `tunnel` on a real pseudo-terminal.

use std::net::{TcpListener, TcpStream};

use crate::cluster::Cluster;
use crate::person::Person;
use crate::shown::Shown;

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_told_and_what_is_wrong_with_it() {
    let cluster = Cluster::with_terminal().await;
    let mut shown = Shown::default();
    let mut person = Person::run(&cluster, &["tunnel", "dev"]);
    person.sees("http://127.0.0.1:").await;
    person.types("\x03").await;
    shown.ends("ctrl-c", &mut person).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let words = ["tunnel", "dev", &port];
    shown.said("a port that is taken", &["tunnel", "dev", "PORT"], &cluster.run(&words).await);

    let script = format!("ulimit -n 40; exec {} tunnel dev", env!("CARGO_BIN_EXE_kubectl-opencode"));
    let mut person = Person::at_home(cluster.home(), "sh", &["-c", &script]);
    person.looks(|screen, _| screen.contents().contains("http://") && screen.cursor_position().1 == 0, "address").await;
    let screen = person.screen.screen().contents();
    let address = screen.lines().find_map(|line| line.strip_prefix("http://")).unwrap().trim().to_owned();
    let connections: Vec<_> = (0..60).map(|_| TcpStream::connect(&address).unwrap()).collect();
    person.sees("cannot accept a connection").await;
    person.sees("os error 24").await;
    person.types("\x03").await;
    shown.ends("more connections than the machine allows", &mut person).await;
    drop(connections);
    shown.is_as_in("tunnel");
}
