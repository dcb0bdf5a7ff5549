//! `attach` on a real pseudo-terminal, through the sandbox's API server, to a real OpenCode server. Needs `opencode` on
//! PATH.

#[cfg(test)]
#[path = "../../src/commands/attach/link/tests/arrivals.rs"]
mod arrivals;
#[cfg(test)]
mod asks;
#[cfg(test)]
mod choices;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod company;
#[cfg(test)]
#[path = "../cli/container.rs"]
mod container;
#[cfg(test)]
mod exec;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod few_rights;
#[cfg(test)]
mod link;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod person;
#[cfg(test)]
mod play;
#[cfg(test)]
mod pty_server;
#[cfg(test)]
mod record;
#[cfg(test)]
mod restore;
#[cfg(test)]
#[path = "../opencode/server.rs"]
mod server;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod tunnel;

#[cfg(test)]
mod tests {
    use kubectl_opencode::opencode::{NewPty, NewSession, Prompt, Rule};

    use super::cluster::Cluster;
    use super::person::Person;
    use super::shown::Shown;

    const SHELL: &[&str] = &["attach", "agent/dev", "--shell"];

    #[tokio::test(flavor = "multi_thread")]
    async fn a_shell_of_the_right_size_ends_with_its_own_code() {
        let cluster = Cluster::start().await;
        let mut person = Person::run(&cluster, SHELL);
        let workspace = cluster.server.workspace();
        person.types(&format!("stty size; [ $PWD -ef {} ] && echo answer=$((40+2))\r", workspace.display())).await;
        person.sees("answer=42").await;
        person.sees("30 100").await;
        person.resizes(41, 120);
        // The new size is passed on when it is; ask until it has arrived.
        person.types("until [ \"$(stty size)\" = '41 120' ]; do read -t 0.05; done; echo re''sized\r").await;
        person.sees("resized").await;
        // The clipboard may be set and must not be read.
        person.types("printf '\\033]52;c;%s\\007' aGk= '?' ; echo clip''board\r").await;
        person.sees("clipboard").await;
        let seen = String::from_utf8_lossy(&person.seen).into_owned();
        assert!(seen.contains("\x1b]52;c;aGk=\x07") && !seen.contains("\x1b]52;c;?"), "{seen:?}");
        person.types("exit 7\r").await;
        assert_eq!(person.ends().await.code(), Some(7));
        assert!(cluster.server.client().ptys().await.unwrap().iter().all(|pty| !pty.is_running()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn leaving_keeps_the_program_and_coming_back_shows_it() {
        let cluster = Cluster::start().await;
        let mut person = Person::run(&cluster, SHELL);
        person.types("kept=$((1000+1)); echo first=$kept\r").await;
        person.sees("first=1001").await;
        person.types("\x1d").await;
        person.types("d").await;
        assert_eq!(person.ends().await.code(), Some(0));
        person.sees("Come back with: kubectl opencode attach agent/dev --shell").await;

        // Two people who came at the same moment have made two.
        let client = cluster.server.client();
        let twin = NewPty { title: Some("kubectl-opencode shell agent".into()), ..NewPty::default() };
        let twin = client.create_pty(&twin).await.unwrap();
        let mut shown = Shown::default();
        let mut chooser = Person::run(&cluster, SHELL);
        chooser.sees(&twin.id).await;
        shown.sees("several shells run", &chooser);
        chooser.presses("\x1b").await;
        shown.ends("none is chosen", &mut chooser).await;
        shown.said("there is no terminal to ask on", SHELL, &cluster.run(SHELL).await);
        shown.is_as_in("several-shells");
        client.delete_pty(&twin.id).await.unwrap();

        let mut again = Person::run(&cluster, SHELL);
        again.sees("first=1001").await;
        again.types("echo second=$((kept+1))\r").await;
        again.sees("second=1002").await;
        // The first detach key alone reaches the program, once nothing follows it.
        again.types("read -rsn1 key; printf 'key=%d\\n' \"'$key\"\r").await;
        again.types("\x1d").await;
        again.sees("key=29").await;
        again.types("exit\r").await;
        assert_eq!(again.ends().await.code(), Some(0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_interface_shows_a_conversation_and_gives_the_screen_back() {
        let cluster = Cluster::start().await;
        let client = cluster.server.client();
        let rule = Rule { permission: "*".into(), pattern: "*".into(), action: "allow".into() };
        let new = NewSession { title: Some("talk".into()), permission: vec![rule], ..NewSession::default() };
        let session = client.create_session(&new).await.unwrap();
        let turn = client.start_turn(&session.id, &Prompt::text("%say earlier-answer")).await.unwrap();
        turn.finish().await.unwrap();

        let arguments = ["attach", "agent/dev", "--session", &session.id];
        let mut person = Person::run(&cluster, &arguments);
        let drawn = |screen: &vt100::Screen, _: &[u8]| {
            screen.alternate_screen() && screen.contents().contains("earlier-answer")
        };
        person.looks(drawn, "the conversation, on a screen of its own").await;
        person.types("%say typed-answer").await;
        person.sees("%say typed-answer").await;
        person.types("\r").await;
        person.looks(|screen, _| screen.contents().matches("typed-answer").count() >= 2, "the answer").await;
        person.types("\x1dd").await;
        assert_eq!(person.ends().await.code(), Some(0));

        let mut again = Person::run(&cluster, &arguments);
        again.looks(|screen, _| screen.contents().matches("typed-answer").count() >= 2, "the repainted answer").await;
        assert_eq!(client.ptys().await.unwrap().len(), 1, "came back to the same terminal");
        again.types("\x1dd").await;
        assert_eq!(again.ends().await.code(), Some(0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_broken_link_loses_no_byte_and_doubles_none() {
        let cluster = Cluster::start().await;
        let mut person = Person::run(&cluster, SHELL);
        person.types("for i in $(seq 300); do echo \"<$i>\"; read -t 0.02; done; echo all''done\r").await;
        for mark in ["<40>", "<120>", "<200>"] {
            person.looks(|_, seen| String::from_utf8_lossy(seen).contains(mark), mark).await;
            cluster.cut();
        }
        person.looks(|_, seen| String::from_utf8_lossy(seen).contains("alldone"), "alldone").await;
        let seen = String::from_utf8_lossy(&person.seen).into_owned();
        let mut place = 0;
        for number in 1..=300 {
            let line = format!("<{number}>\r\n");
            assert_eq!(seen.matches(&line).count(), 1, "{line:?}");
            place += seen[place..].find(&line).expect("in order");
        }
        person.types("exit\r").await;
        assert_eq!(person.ends().await.code(), Some(0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn watching_sends_nothing_and_ctrl_c_leaves() {
        let cluster = Cluster::start().await;
        let mut person = Person::run(&cluster, SHELL);
        person.types("echo shown-$((2+3))\r").await;
        person.sees("shown-5").await;
        let mut watcher = Person::run(&cluster, &["attach", "agent/dev", "--shell", "--read-only"]);
        watcher.sees("shown-5").await;
        watcher.types("echo barged-$((1+1))\r").await;
        person.types("echo later-$((3+4))\r").await;
        watcher.sees("later-7").await;
        assert!(!watcher.screen.screen().contents().contains("barged"));
        watcher.types("\x03").await;
        assert_eq!(watcher.ends().await.code(), Some(0));
        person.types("exit 0\r").await;
        assert_eq!(person.ends().await.code(), Some(0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_restarted_server_is_told_with_the_way_back() {
        let mut cluster = Cluster::start().await;
        let mut person = Person::run(&cluster, SHELL);
        person.types("echo up-$((4+4))\r").await;
        person.sees("up-8").await;
        cluster.server.restart().await;
        person.sees("open a new terminal? [y/N]").await;
        person.sees("somebody closed it, or the server was restarted; the conversation is kept").await;
        assert!(person.has_own_settings(), "asked on the terminal as it was");
        person.types("n\r").await;
        assert_eq!(person.ends().await.code(), Some(255));
        person.sees("hint: kubectl opencode attach agent/dev --shell").await;

        let mut person = Person::run(&cluster, SHELL);
        person.types("echo up-$((4+5))\r").await;
        person.sees("up-9").await;
        cluster.server.restart().await;
        person.sees("open a new terminal? [y/N]").await;
        person.types("y\r").await;
        person.until(|person| !person.has_own_settings()).await;
        person.types("echo new-$((5+5)); exit 6\r").await;
        person.sees("new-10").await;
        assert_eq!(person.ends().await.code(), Some(6));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn without_a_terminal_a_script_runs_in_a_shell_and_the_interface_is_refused() {
        let cluster = Cluster::start().await;
        let run = |arguments: &[&str], input: &str| {
            let mut command = assert_cmd::Command::cargo_bin("kubectl-opencode").unwrap();
            command.args(arguments).env("KUBECONFIG", cluster.kubeconfig()).env("HOME", cluster.home());
            let input = input.to_owned();
            tokio::task::spawn_blocking(move || command.write_stdin(input).output().unwrap())
        };
        let refused = run(&["attach", "agent/dev"], "").await.unwrap();
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("attach needs a terminal"));
        let script = run(SHELL, "echo piped-$((5*5)); exit 3\n").await.unwrap();
        assert_eq!(script.status.code(), Some(3));
        assert!(String::from_utf8_lossy(&script.stdout).contains("piped-25"));
    }
}
