//! What can be typed: clap types only, one file per noun, shared flag groups in [`flags`].

pub mod agent;
pub mod approvals;
pub mod attach;
pub mod completion;
pub mod config;
pub mod controller;
pub mod events;
pub mod exec;
pub mod describe;
pub mod doctor;
pub mod flags;
pub mod get;
pub mod install;
pub mod listing;
pub mod play;
pub mod run;
pub mod sandbox;
pub mod session;
pub mod status;
pub mod task;
pub mod template;
pub mod tunnel;
pub mod verbs;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use flags::Global;

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
    Run(Box<run::NewTask>),
    /// Sit down at the terminal of a session, a task or an agent
    Attach(attach::Attach),
    /// Run a command where a session, a task or an agent works
    Exec(exec::Exec),
    /// Show a recording of a terminal
    Play(play::Play),
    /// Open a port on this machine that leads to an agent's server
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
    /// Allow what agents ask leave for
    Approve(approvals::Approve),
    /// Refuse what agents ask leave for, and dismiss their questions
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
    Cli::command().bin_name(name)
}

/// Parses the words of a command line, the program's own name first.
///
/// Called as `kubectl_complete-opencode`, every word is one to complete.
pub fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut parser = command(arguments);
    let matches = match arguments.split_first() {
        Some((program, words)) if stem(program) == Some("kubectl_complete-opencode") => {
            let switch = ["kubectl-opencode", "__complete", "--"].map(OsString::from);
            parser.try_get_matches_from_mut(switch.iter().chain(words))?
        }
        _ => parser.try_get_matches_from_mut(arguments)?,
    };
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
        Cli::command().debug_assert();
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
