#!/usr/bin/env bash
# Builds kubectl-opencode and installs it for this user; running it again brings everything up to date. In an unpacked
# release it installs the program that lies beside it.
#
#   ./install.sh               into ${PREFIX:-$HOME/.local}
#   ./install.sh --demo        then shows it: a cluster on this machine, a task, a session, its terminal
#   ./install.sh --uninstall   removes what it installed
set -euo pipefail
cd "$(dirname "$0")"

opencode_version=1.18.33
prefix=${PREFIX:-$HOME/.local}
share=$prefix/share
opencode_home=$share/kubectl-opencode/opencode
built=${CARGO_TARGET_DIR:-$PWD/target}/release/kubectl-opencode
released=
if [ -x kubectl-opencode ] && [ ! -e Cargo.toml ]; then
  released=1
  built=$PWD/kubectl-opencode
fi

say() { printf '%s\n' "$*" >&2; }
fail() { say "install.sh: $*"; exit 1; }
need() { command -v "$1" >/dev/null || fail "missing prerequisite: $1 ($2)"; }

completion_files() {
  printf '%s\n' \
    "$share/bash-completion/completions/kubectl-opencode" \
    "$share/zsh/site-functions/_kubectl-opencode" \
    "$share/fish/vendor_completions.d/kubectl-opencode.fish"
}

uninstall() {
  rm -f "$prefix/bin/kubectl-opencode" "$prefix/bin/.kubectl-opencode.new" "$prefix/bin/kubectl_complete-opencode"
  completion_files | while read -r file; do rm -f "$file"; done
  rm -f "$share/man/man1/kubectl-opencode.1" "$share/man/man1/kubectl-opencode-"*.1
  rm -rf "$opencode_home"
  # Folders that are of no use to anybody else any more, from the inside out, and none above the prefix.
  if cd "$prefix" 2>/dev/null; then
    rmdir -p bin share/bash-completion/completions share/zsh/site-functions share/fish/vendor_completions.d \
      share/man/man1 share/kubectl-opencode 2>/dev/null || true
  fi
  say "removed kubectl-opencode from $prefix"
  local sandboxes=${XDG_STATE_HOME:-$HOME/.local/state}/kubectl-opencode/sandboxes
  if [ -n "$(ls -A "$sandboxes" 2>/dev/null)" ]; then
    say "the sandboxes that were made with it are still in $sandboxes"
  fi
}

have_opencode() {
  [ -x "$opencode_home/node_modules/.bin/opencode" ] &&
    [ "$(cat "$opencode_home/version" 2>/dev/null)" = "$opencode_version" ]
}

# Before anything is built: a build takes minutes, and what it needs besides, its own output names better than we could.
prerequisites() {
  if [ -n "$released" ]; then
    [ -z "$demo" ] || fail "the demo is part of the sources"
    return
  fi
  need cargo "the Rust toolchain, see rust-version in Cargo.toml"
  need cc "a C compiler, for the TLS library"
  if ! command -v opencode >/dev/null && ! have_opencode; then
    need npm "Node.js 20 or newer, to fetch opencode-ai $opencode_version; or put an opencode on PATH"
  fi
  if [ -n "$demo" ]; then
    need tmux "it plays the terminal of the demo"
  fi
}

install_files() {
  install -d "$prefix/bin" "$share/man/man1"
  # Copied beside and renamed over, so that a running copy goes on and a second run cannot fail with "text file busy".
  install -m 0755 "$built" "$prefix/bin/.kubectl-opencode.new"
  mv -f "$prefix/bin/.kubectl-opencode.new" "$prefix/bin/kubectl-opencode"
  ln -sfn kubectl-opencode "$prefix/bin/kubectl_complete-opencode"
  local source
  completion_files | while read -r file; do
    source=completions/${file##*/}
    [ -e "$source" ] || source=$source.bash
    install -d "${file%/*}"
    install -m 0644 "$source" "$file"
  done
  install -m 0644 man/*.1 "$share/man/man1/"
}

fetch_opencode() {
  if command -v opencode >/dev/null; then
    say "opencode: using $(command -v opencode)"
  elif ! have_opencode; then
    say "opencode: fetching opencode-ai $opencode_version"
    mkdir -p "$opencode_home"
    npm install --prefix "$opencode_home" --no-audit --no-fund --no-save --loglevel=error "opencode-ai@$opencode_version" >&2
    echo "$opencode_version" >"$opencode_home/version"
  fi
}

demo=
case "${1:-}" in
  "") ;;
  --demo) demo=1 ;;
  --uninstall) uninstall; exit ;;
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit ;;
  *) say "usage: ./install.sh [--demo | --uninstall]"; exit 2 ;;
esac

prerequisites
[ -n "$released" ] || cargo build --release --locked
install_files
if [ -n "$released" ]; then
  command -v opencode >/dev/null || say "the sandbox runs opencode: npm install --global opencode-ai@$opencode_version"
else
  fetch_opencode
fi
say "installed $("$prefix/bin/kubectl-opencode" --version) into $prefix"
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) say "add it to your PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
esac

if [ -n "$demo" ]; then
  PATH="$prefix/bin:$PATH" examples/demo.sh
fi
