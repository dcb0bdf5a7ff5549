"""How a figure is taken and written: one line of the table, times, memory, processes from start to end."""

import json
import os
import socket
import statistics
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

# Starts a program and tells its wall seconds, CPU seconds and most memory. It is a process of its own, and a small one,
# because a child's peak memory cannot read below that of the process that it was split from.
LAUNCHER = """
import os, sys, time
null = os.open(os.devnull, os.O_RDWR)
files = [(os.POSIX_SPAWN_DUP2, null, number) for number in range(3)]
begin = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=files)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - begin
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def row(measure, goal, result):
    print(f"  {measure:<64} {goal:<26} {result}", flush=True)


def ms(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"


def quantiles(values):
    """The middle, the worst, and how many; with a hundred values and more also the worst of 99 %."""
    values = sorted(values)
    p99 = f"p99 {ms(values[int(0.99 * len(values))])}, " if len(values) >= 100 else ""
    return f"p50 {ms(statistics.median(values))}, {p99}max {ms(values[-1])}, n={len(values)}"


def memory(pid, field="VmRSS"):
    """Resident memory of a process in MiB: now (VmRSS), at most (VmHWM), or without pages of files (RssAnon)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {field} of {pid}")


def spent(pid):
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def switches(pid):
    """How often the threads of a process went to sleep so far."""
    states = "".join(state.read_text() for state in Path(f"/proc/{pid}/task").glob("*/status"))
    return sum(int(line.split()[1]) for line in states.splitlines() if line.startswith("voluntary_ctxt_switches:"))


def descendants(pid):
    """How many processes stand below `pid`."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        fields = text.rsplit(")", 1)[1].split()
        children.setdefault(int(fields[1]), []).append(int(text.split(" ", 1)[0]))
    count, queue = 0, [pid]
    while queue:
        below = children.get(queue.pop(), [])
        count += len(below)
        queue.extend(below)
    return count


def finished(words):
    """Runs a program to its end, its output thrown away: `wall` and `cpu` in seconds, `peak` in MiB."""
    told = subprocess.run([sys.executable, "-I", "-S", "-c", LAUNCHER, *map(str, words)], check=True, capture_output=True,
                          text=True).stdout.split()
    if told[3] != "0":
        raise RuntimeError(f"{words} ended with {told[3]}")
    return SimpleNamespace(wall=float(told[0]), cpu=float(told[1]), peak=int(told[2]) / 1024)


def in_turn(count, *commands):
    """Runs commands in turn, so that a machine that is busy for a while is so for all: the median of each figure."""
    runs = [[finished(words) for words in commands] for _ in range(count + 1)][1:]
    median = lambda number, figure: statistics.median(getattr(run[number], figure) for run in runs)
    return [SimpleNamespace(**{figure: median(number, figure) for figure in ("wall", "cpu", "peak")})
            for number in range(len(commands))]


def figures(run):
    return f"{ms(run.wall)}, {ms(run.cpu)} CPU, {run.peak:.1f} MiB"


def kubectl_json(*words):
    return json.loads(subprocess.run(["kubectl", *words, "-o", "json"], check=True, capture_output=True, text=True).stdout)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
