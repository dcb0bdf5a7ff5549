//! What can be typed: clap types only, one file per noun, shared flag groups in [`flags`].

pub mod agent;
pub mod approvals;
pub mod attach;
pub mod completion;
pub mod config;
pub mod controller;
pub mod events;
pub mod examples;
pub mod exec;
pub mod describe;
pub mod doctor;
pub mod flags;
pub mod get;
pub mod install;
pub mod listing;
mod nouns;
pub mod play;
pub mod run;
pub mod sandbox;
pub mod session;
pub mod status;
pub mod task;
pub mod template;
pub mod tunnel;
pub mod verbs;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use flags::Global;

/// The command that shows the help of another.
const HELP: &str = "help";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-opencode",
    version,
    about = "AI-agent work on Kubernetes, with what kubectl gives pods",
    after_help = "Exit statuses and error codes: `kubectl opencode explain errors`.",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The first word after the program's name.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a task, follow it, and exit by its true outcome
    #[command(after_help = examples::RUN)]
    Run(Box<run::NewTask>),
    /// Sit down at the terminal of a session, a task or an agent
    #[command(after_help = examples::ATTACH)]
    Attach(attach::Attach),
    /// Run a command where a session, a task or an agent works
    #[command(after_help = examples::EXEC)]
    Exec(exec::Exec),
    /// Show a recording of a terminal
    Play(play::Play),
    /// Open a port on this machine that leads to an agent's server
    #[command(visible_alias = "port-forward")]
    Tunnel(tunnel::Tunnel),
    /// Show tasks, sessions, agents, templates or schedules
    Get(get::GetArgs),
    /// Show objects with their conditions, their Pod and their events, and why they are as they are
    Describe(describe::Describe),
    /// Work with tasks: one prompt, run to its end
    #[command(subcommand, visible_aliases = ["tasks", "tk"])]
    Task(task::TaskCommand),
    /// Work with sessions: conversations that stay
    #[command(subcommand, visible_aliases = ["sessions", "ses"])]
    Session(session::SessionCommand),
    /// Work with agents: running OpenCode servers
    #[command(subcommand, visible_aliases = ["agents", "ag"])]
    Agent(agent::AgentCommand),
    /// Work with templates: what agents are made from
    #[command(subcommand, visible_aliases = ["templates", "agt"])]
    Template(template::TemplateCommand),
    /// Work with schedules: tasks made again and again
    #[command(subcommand, visible_aliases = ["schedules", "ct"])]
    Schedule(template::ScheduleCommand),
    /// Show at a glance what agents, tasks and sessions do, and what waits for a person
    Status(status::StatusArgs),
    /// Show what happened to tasks, sessions and agents, and tell others of it
    Events(events::Events),
    /// Show what agents ask of people: permissions and questions
    Approvals(approvals::Approvals),
    /// Approve permission requests from agents
    #[command(after_help = examples::APPROVE)]
    Approve(approvals::Approve),
    /// Reject permission requests and dismiss questions from agents
    Reject(approvals::Reject),
    /// Answer the questions of an agent
    Answer(approvals::Answer),
    /// Look for what stands between you and this cluster: connection, versions, rights, agents
    Doctor(doctor::Doctor),
    /// Bring sessions to a cluster: their definition, their rights, their controller
    Install(install::InstallArgs),
    /// Run the controllers of sessions, and of agents and tasks where the platform's own are absent
    Controller(controller::ControllerArgs),
    /// Run a cluster on this machine, to try things and for tests
    #[command(subcommand)]
    Sandbox(sandbox::SandboxCommand),
    /// Settings that are said once: show them with their origin, and change your own
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Explain a topic: errors, the lifecycle of tasks and sessions, the offline model, …
    Explain(ExplainArgs),
    /// Print a script that completes commands and names in a shell
    Completion(completion::CompletionArgs),
    /// Show the version of this program
    Version(VersionArgs),
    /// Complete the words of an unfinished command line, for kubectl
    #[command(name = "__complete", hide = true)]
    Complete(completion::CompleteArgs),
    /// Write completions, manual pages and the reference of commands
    #[command(name = "__generate", hide = true)]
    Generate(completion::GenerateArgs),
}

/// What to explain.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// The topic; without one, the topics are listed
    pub topic: Option<String>,
}

/// How to show the version.
#[derive(Debug, clap::Args)]
pub struct VersionArgs {
    /// How to write it.
    #[command(flatten)]
    pub output: flags::Output,
}

/// The command line as a parser, named as the user typed it.
pub fn command(arguments: &[OsString]) -> clap::Command {
    let name = invoked_as(arguments);
    let help = clap::Command::new(HELP)
        .about("Show the help of a command")
        .arg(clap::Arg::new("words").value_name("COMMAND").num_args(0..).help("Its words, such as task list"));
    nouns::told(Cli::command()).subcommand(help).bin_name(name)
}

/// Parses the words of a command line, the program's own name first.
///
/// Called as `kubectl_complete-opencode`, every word is one to complete. `help task list` is `task list --help`.
pub fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut parser = command(arguments);
    let mut line = match arguments.split_first() {
        Some((program, words)) if stem(program) == Some("kubectl_complete-opencode") => {
            let switch = ["kubectl-opencode", "__complete", "--"].map(OsString::from);
            switch.iter().chain(words).cloned().collect()
        }
        _ => arguments.to_vec(),
    };
    let matches = loop {
        match parser.try_get_matches_from_mut(&line) {
            Ok(matches) => break matches,
            Err(error) => match words::mended(&line, &error) {
                Some(mended) => line = mended,
                None => return Err(nouns::explained(error, &parser)),
            },
        }
    };
    if let Some((HELP, help)) = matches.subcommand() {
        let asked = help.get_many::<String>("words").into_iter().flatten().map(OsString::from);
        let line: Vec<_> = arguments.iter().take(1).cloned().chain(asked).chain(["--help".into()]).collect();
        return parse(&line);
    }
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut parser))
}

/// `kubectl opencode` for the plugin that kubectl runs; another name of the file stands for itself.
fn invoked_as(arguments: &[OsString]) -> String {
    match arguments.first().and_then(|program| stem(program)) {
        Some(stem) => {
            stem.strip_prefix("kubectl-").map_or_else(|| stem.to_owned(), |plugin| format!("kubectl {plugin}"))
        }
        None => "kubectl opencode".to_owned(),
    }
}

fn stem(program: &OsStr) -> Option<&str> {
    Path::new(program).file_stem().and_then(|stem| stem.to_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_parser_is_consistent() {
        command(&[]).debug_assert();
    }

    #[test]
    fn usage_names_the_program_as_it_was_called() {
        assert_eq!(invoked_as(&words("/usr/bin/kubectl-opencode")), "kubectl opencode");
        assert_eq!(invoked_as(&words("koc get")), "koc");
        assert_eq!(invoked_as(&[]), "kubectl opencode");
        let text = parse(&words("kubectl-opencode explain --nope")).unwrap_err().to_string();
        assert!(text.contains("Usage: kubectl opencode explain"), "{text}");
    }

    #[test]
    fn names_are_taken_as_they_are_written() {
        let names = |line: &str| match parse(&words(line)).map(|cli| cli.command) {
            Ok(Command::Task(task::TaskCommand::Stop(args))) => args.targets.names,
            Ok(Command::Task(task::TaskCommand::Logs(args))) => args.name.into_iter().collect(),
            Ok(Command::Agent(agent::AgentCommand::Shell(args))) => vec![args.name],
            other => panic!("{other:?}"),
        };
        assert_eq!(names("k task stop task.kubeopencode.io/a b tk/c"), ["a", "b", "c"]);
        assert_eq!(names("k task logs task/a"), ["a"]);
        assert_eq!(names("k agent shell agent/dev"), ["dev"]);
        let text = parse(&words("k task stop session/s")).unwrap_err().to_string();
        assert!(text.contains("\"session/s\" is no task"), "{text}");
    }

    #[test]
    fn a_verb_without_its_noun_is_told_with_it() {
        let text = |line: &str| parse(&words(line)).unwrap_err().to_string();
        assert!(
            text("k logs t").contains("tip: say it with its noun: kubectl opencode task|agent logs …"),
            "{}",
            text("k logs t")
        );
        assert!(text("k rm t").contains("kubectl opencode task|session|agent|template|schedule rm …"));
        assert!(!text("k cp a b").contains("__"), "{}", text("k cp a b"));
        assert!(text("k tsk").contains("'task'"));
    }

    #[test]
    fn help_is_a_command_too() {
        let text = |line: &str| parse(&words(line)).unwrap_err();
        assert_eq!(text("k help task list").to_string(), text("k task list --help").to_string());
        assert_eq!(text("k help").to_string(), text("k --help").to_string());
        assert_eq!(text("k help nothing").kind(), clap::error::ErrorKind::InvalidSubcommand);
    }

    #[test]
    fn called_for_completion_every_word_is_one_to_complete() {
        let cli = parse(&words("/bin/kubectl_complete-opencode task get --o")).unwrap();
        assert!(matches!(cli.command, Command::Complete(args) if args.words == words("task get --o")));
    }

    #[test]
    fn connection_flags_stand_anywhere() {
        let cli = parse(&words("kubectl-opencode -n a version --context c")).unwrap();
        assert_eq!(cli.global.connection.namespace.as_deref(), Some("a"));
        assert_eq!(cli.global.connection.context.as_deref(), Some("c"));
    }
}
