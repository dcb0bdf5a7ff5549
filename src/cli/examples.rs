//! The examples beneath the help of commands.

/// Of `run`.
pub const RUN: &str = "\
Examples:
  # On the default agent; the exit status tells how the work itself ended
  kubectl opencode run 'Update the dependencies'

  # On another agent, for ten minutes at most, with the prompt from a file
  kubectl opencode run --agent dev --timeout 10m -f prompt.md

  # With the output of another program as the prompt
  git log -1 | kubectl opencode run -";

/// Of `attach`.
pub const ATTACH: &str = "\
Examples:
  # OpenCode's own terminal of a session; ctrl-] d leaves, and the session goes on
  kubectl opencode attach review

  # Recorded for `kubectl opencode play`
  kubectl opencode attach review --record talk.cast

  # A shell in the workspace of an agent
  kubectl opencode attach agent/default --shell";

/// Of `exec`.
pub const EXEC: &str = "\
Examples:
  # A command where a session works
  kubectl opencode exec review -- ls -a

  # A shell on a terminal, in the workspace of an agent
  kubectl opencode exec -it agent/default -- sh";

/// Of `session create`.
pub const CREATE_SESSION: &str = "\
Examples:
  # On an agent, with a first prompt
  kubectl opencode session create review --agent default --prompt 'Read the code' --wait

  # From a session template, see `kubectl opencode template create session`
  kubectl opencode session create next --template careful

  # On an agent of its own, with a repository in the workspace
  kubectl opencode session create fix --agent-template default --repo https://example.com/app@main";

/// Of `session send`.
pub const SEND: &str = "\
Examples:
  # Print the answer when it is there
  kubectl opencode session send review 'And now the tests'

  # With a file, and without waiting for the answer
  kubectl opencode session send review 'What is wrong here?' --attach app.log --no-wait

  # To all running sessions with a label, with the text from standard input
  git diff | kubectl opencode session send -l team=red -f -";

/// Of `task wait`.
pub const WAIT_FOR_TASK: &str = "\
Examples:
  # Until it has ended; the exit status tells how
  kubectl opencode task wait tidy --timeout 10m

  # Until all tasks with a label have ended
  kubectl opencode task wait -l team=red

  # Until it runs
  kubectl opencode task wait tidy --for running";

/// Of `approve`.
pub const APPROVE: &str = "\
Examples:
  # What a session asks for
  kubectl opencode approve review

  # One request, as `kubectl opencode approvals` lists them, and the same from now on
  kubectl opencode approve per_0123456789 --always

  # Everything in the namespace, without being asked
  kubectl opencode approve --all --yes";

/// Of `schedule create`.
pub const CREATE_SCHEDULE: &str = "\
Examples:
  # Every night at three
  kubectl opencode schedule create nightly 'Update the dependencies' --schedule '0 3 * * *'

  # On working days at nine, in Berlin, for an hour at most
  kubectl opencode schedule create triage 'Sort the new issues' --schedule '0 9 * * 1-5' \\
    --time-zone Europe/Berlin --timeout 1h";

/// Of `agent create`.
pub const CREATE_AGENT: &str = "\
Examples:
  # The agent that is meant where none is named
  kubectl opencode agent create default --wait

  # From a template, with a volume for its conversations
  kubectl opencode agent create dev --template team --persist-sessions 1Gi

  # With a model, and the key of its provider from a Secret
  kubectl opencode agent create claude --config '{\"model\": \"anthropic/claude-sonnet-4-5\"}' \\
    --credential ANTHROPIC_API_KEY=anthropic:key";
