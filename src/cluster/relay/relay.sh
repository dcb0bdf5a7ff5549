# Carries standard input to a port of this Pod, and what comes from there to standard output, with whatever can do it here.
# $0 begins the line that says with what, as soon as it is known; before it nothing is written, and nothing is read.
# Arguments: the programs for bash and for JavaScript, the port, the addresses to try.
bash=$1 javascript=$2 port=$3
shift 3
has() { command -v "$1" >/dev/null 2>&1; }
if has bash; then
  bash -c "$bash" "$0" "$port" "$@"
  ended=$?
  [ "$ended" = 75 ] || exit "$ended"
fi
if has socat; then
  echo "$0 socat"
  exec socat -t1 STDIO "TCP:$1:$port,nodelay"
fi
# OpenCode is a program for Bun with Bun inside.
export BUN_BE_BUN=1
for runtime in node bun opencode /tools/opencode; do
  if has "$runtime"; then exec "$runtime" -e "$javascript" "$0" "${runtime##*/}" "$port" "$@"; fi
done
if has nc; then
  # Each kind of it has a way of its own to end with its input, if any.
  case $(nc -h 2>&1) in
    *-q*) set -- -q1 "$1" ;;
    *-N*) set -- -N "$1" ;;
    *) set -- "$1" ;;
  esac
  echo "$0 nc"
  exec nc "$@" "$port"
fi
echo "there is none of bash, socat, node, bun, opencode and nc" >&2
exit 127
