#!/usr/bin/env bash
# The whole tool in two minutes, without a cluster and without a model key: a cluster on this machine, an agent, a task,
# a session and its terminal. Every line that starts with "$" is a command that you can type yourself.
#
# Needs kubectl-opencode and opencode (./install.sh provides both), and tmux to have a terminal to show.
set -euo pipefail

command -v kubectl-opencode >/dev/null || { echo "demo: kubectl-opencode is not on PATH; run ./install.sh first" >&2; exit 1; }
command -v tmux >/dev/null || { echo "demo: missing prerequisite: tmux (it plays the terminal of the demo)" >&2; exit 1; }

name=demo

# A tmux server of its own: one that runs already has an environment and settings of its own.
terminal() { tmux -L kubectl-opencode-demo-$$ -f /dev/null "$@"; }

finish() {
  terminal kill-server 2>/dev/null || true
  kubectl-opencode sandbox stop --name "$name" >/dev/null 2>&1 || true
}
trap finish EXIT

title() { printf '\n\033[1m── %s\033[0m\n' "$*"; }

# Shows a command as one would type it, then runs it. kubectl finds the plugin by its name; without kubectl it is called directly.
oc() {
  printf '\n$ kubectl opencode'
  printf ' %q' "$@"
  printf '\n'
  kubectl-opencode "$@"
}

title "1. A cluster on this machine"
kubectl-opencode sandbox reset --name "$name" --yes >/dev/null 2>&1 || true
oc sandbox start --name "$name" --offline-model
KUBECONFIG=$(kubectl-opencode sandbox kubeconfig --name "$name" --path)
export KUBECONFIG

title "2. An agent: a running opencode server with a workspace"
oc agent create default --wait
oc agent list

title "3. A task: one prompt, followed to its end; the exit status is the outcome"
echo "The prompt directs the offline model: it writes a file, then runs a command."
oc run --agent default --name first-task \
  '%write hello.txt Hello from a task
%bash wc -w hello.txt
%say The file is written and counted.'
oc task list

title "4. A session: a conversation that stays"
oc session create first-session --agent default --prompt '%say Hello, I am the session.' --wait
oc session send first-session '%bash cat hello.txt'
oc session list
oc session transcript first-session

title "5. Its terminal: a shell in the workspace, detached with ctrl-] d"
terminal new-session -d -x 100 -y 12 "kubectl-opencode attach first-session --shell; cat"
seen() {
  local deadline=$((SECONDS + 60))
  until terminal capture-pane -p | grep -q -- "$1"; do
    [ $SECONDS -lt $deadline ] || { echo "demo: the terminal never showed: $1" >&2; terminal capture-pane -p >&2; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}
seen '[$#] *$'
terminal send-keys 'cat hello.txt && echo "typed in $TERM"' Enter
seen '^typed in'
printf '\n'
terminal capture-pane -p | sed '/^$/d; s/^/  │ /'
terminal send-keys 'C-]' d
seen 'attach'

title "6. Clean up"
oc session delete first-session
oc sandbox stop --name "$name"

cat <<'TEXT'

Next:
  kubectl opencode sandbox start --set-context      # a sandbox of your own, in your kubeconfig
  kubectl opencode agent create default --wait
  kubectl opencode run "explain this repository"    # with a provider key: sandbox start --env ANTHROPIC_API_KEY
  kubectl opencode attach agent/default             # the agent's terminal
  kubectl opencode explain offline-model            # what prompts can ask of the offline model
TEXT
