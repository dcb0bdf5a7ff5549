"""Lists, watches, waits and completion on a cluster with many objects, next to kubectl in the same run.

The API server is the sandbox's, and its own share stands beside ours: the same answers fetched over one open connection
and thrown away. A watch is replayed as fast as it is taken, by a relay before the API server (see `Replay`).
"""

import http.server
import json
import os
import queue
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from measure import figures, in_turn, memory, ms, quantiles, row, spent

TASKS = "/apis/kubeopencode.io/v1alpha1/namespaces/default/tasks"
AGENTS = "/apis/kubeopencode.io/v1alpha1/namespaces/default/agents"
SESSIONS = "/apis/session.kubeopencode.io/v1alpha1/namespaces/default/sessions"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
# An object takes about 1.8 kB, as KubeOpenCode's tasks do on a real cluster.
PROMPT = "Look at the failing build, find out why, and mend it. " * 20
WRITERS = 8


def task(number):
    return {"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Task",
            "metadata": {"name": f"task-{number:05}", "labels": {"team": f"team-{number % 7}"}},
            "spec": {"agentRef": {"name": "parked"}, "description": PROMPT}}


def session(number):
    return {"apiVersion": "session.kubeopencode.io/v1alpha1", "kind": "Session",
            "metadata": {"name": f"session-{number:05}", "labels": {"team": f"team-{number % 7}"}},
            "spec": {"agentRef": {"name": "parked"}, "title": f"Session {number}", "prompt": PROMPT}}


def load(cluster, path, objects):
    """Creates objects over some connections at a time."""
    waiting, failures = queue.SimpleQueue(), []
    for item in objects:
        waiting.put(item)

    def write():
        own = cluster.again()
        try:
            while True:
                own.call("POST", path, waiting.get_nowait())
        except queue.Empty:
            pass
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    if failures:
        raise failures[0]


def until_quiet(cluster):
    """Waits until the sandbox, whose controllers have looked at what was created, does nothing any more."""
    deadline, before = time.perf_counter() + 300, spent(cluster.pid)
    while True:
        time.sleep(2)
        now = spent(cluster.pid)
        if now - before < 0.1:
            return
        if time.perf_counter() > deadline:
            raise RuntimeError("the sandbox does not come to rest")
        before = now


def floor(cluster, path, accept, limit=500, include=None):
    """Seconds until all pages of a list have been fetched over an open connection, and until the first one."""
    begin, first, more = time.perf_counter(), None, ""
    while True:
        query = f"{path}?limit={limit}" + (f"&includeObject={include}" if include else "") + more
        cluster.connection.request("GET", query, None, {"authorization": f"Bearer {cluster.token}", "accept": accept})
        text = cluster.connection.getresponse().read()
        first = first or time.perf_counter() - begin
        # What stands before the rows is short, and parsing the rest would be this script's time.
        at = text.find(b'"continue":"', 0, 1000)
        if at < 0 or text[at + 12:at + 13] == b'"':
            return time.perf_counter() - begin, first
        more = "&continue=" + text[at + 12:text.index(b'"', at + 12)].decode()


def first_row(words):
    """Seconds from a program's start to its first row on a pipe."""
    begin = time.perf_counter()
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seen = b""
    while seen.count(b"\n") < 2:
        seen += os.read(process.stdout.fileno(), 1 << 16)
    took = time.perf_counter() - begin
    process.stdout.read()
    process.wait()
    return took


def measure_lists(binary, cluster, count):
    kubectl = "kubectl"
    tables = [
        ("get tasks", "0.15 s, 0.08 s CPU, 16 MiB", ["get", "tasks"], (TABLE, "None")),
        ("get tasks -A", "0.45 s, 24 MiB", ["get", "tasks", "-A"], (TABLE, None)),
        ("get tasks -o name", "0.15 s, 16 MiB", ["get", "tasks", "-o", "name"], (TABLE, "None")),
        ("get tasks -o json", "0.7 s, 40 MiB", ["get", "tasks", "-o", "json"], ("application/json", None)),
        ("get sessions", "0.15 s, 16 MiB", ["get", "sessions"], None),
    ]
    for what, goal, words, server in tables:
        ours, theirs = in_turn(count, [binary, *words], [kubectl, *words])
        row(f"10,000: {what}", f"≤ {goal}", figures(ours))
        row("… kubectl", "", figures(theirs))
        if server:
            accept, include = server
            row("… the API server's share", "", ms(statistics.median(
                floor(cluster, TASKS, accept, 500, include)[0] for _ in range(count))))
    row("10,000: get tasks, first row", "≤ 25 ms", quantiles([first_row([binary, "get", "tasks"]) for _ in range(count)]))
    row("… kubectl", "", quantiles([first_row([kubectl, "get", "tasks"]) for _ in range(3)]))
    row("… the API server's share", "", ms(statistics.median(
        floor(cluster, TASKS, TABLE, 500, "None")[1] for _ in range(count))))
    one = ["get", "task", "task-00007"]
    ours, theirs = in_turn(count, [binary, *one], [kubectl, *one])
    row("get one task", "≤ 8 ms, 14 MiB", figures(ours))
    row("… kubectl, what is served known from before", "", figures(theirs))


def measure_completion(binary, cluster):
    cluster.call("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "few"}})
    load(cluster, TASKS.replace("/default/", "/few/"), (task(number) for number in range(1000)))
    until_quiet(cluster)
    words = ["__complete", "-n", "few", "task", "get", "task-"]
    offered = subprocess.run([str(binary), *words], check=True, capture_output=True, text=True).stdout.count("task-")
    if offered < 1000:
        raise RuntimeError(f"{offered} of 1000 names are offered")
    ours, = in_turn(20, [binary, *words])
    row("completion: 1,000 names of tasks", "≤ 30 ms", figures(ours))


def measure_growth(binary, cluster, count, before, after):
    words = ["get", "sessions"]
    few, = in_turn(count, [binary, *words])
    load(cluster, SESSIONS, (session(number) for number in range(before, after)))
    until_quiet(cluster)
    many, = in_turn(count, [binary, *words])
    row(f"get sessions, {after:,} instead of {before:,}", "≤ 10 MiB more",
        f"{many.peak - few.peak:+.1f} MiB, {ms(many.wall)}")


class Replay(http.server.ThreadingHTTPServer):
    """An API server that answers a list with none, a watch with events that were made before, as fast as they are taken,
    and everything else as the real one does."""

    daemon_threads = True

    def __init__(self, cluster, count):
        super().__init__(("127.0.0.1", 0), ReplayHandler)
        self.cluster = cluster
        self.lists = {accept: self.answer(cluster, f"{TASKS}?labelSelector=none%3Dsuch", accept)
                      for accept in (TABLE, "application/json")}
        event = json.loads(self.first_event(cluster))
        shown = event["object"]["rows"][0]
        metadata = shown["object"]["metadata"]
        pieces, piece = [], []
        for number in range(count):
            shown["cells"][0] = metadata["name"] = "the-end" if number == count - 1 else f"task-{number:05}"
            metadata["uid"], metadata["resourceVersion"] = f"00000000-0000-4000-8000-{number:012}", str(1000 + number)
            event["object"]["metadata"]["resourceVersion"] = metadata["resourceVersion"]
            piece.append(json.dumps(event, separators=(",", ":")).encode() + b"\n")
            # The columns stand in the first event alone.
            event["object"].pop("columnDefinitions", None)
            if len(piece) == 100 or number == count - 1:
                body = b"".join(piece)
                pieces.append(b"%x\r\n%s\r\n" % (len(body), body))
                piece = []
        self.events = b"".join(pieces)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @staticmethod
    def answer(cluster, path, accept):
        cluster.connection.request("GET", path, None, {"authorization": f"Bearer {cluster.token}", "accept": accept})
        return cluster.connection.getresponse().read()

    @staticmethod
    def first_event(cluster):
        """The event of a task as the API server writes it."""
        connection = cluster.again().connection
        connection.request("GET", f"{TASKS}?watch=true&fieldSelector=metadata.name%3Dtask-00000&resourceVersion=0&limit=1",
                           None, {"authorization": f"Bearer {cluster.token}", "accept": TABLE})
        text = connection.getresponse().readline()
        connection.close()
        return text


class ReplayHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith(f"{TASKS}?") and "watch=" in self.path:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                self.wfile.write(self.server.events)
                self.rfile.read(1)
            except OSError:
                pass
            return
        if self.path.startswith(f"{TASKS}?"):
            accept = TABLE if "as=Table" in self.headers["accept"] else "application/json"
            body, kind = self.server.lists[accept], "application/json"
        else:
            cluster = self.server.cluster.again()
            cluster.connection.request("GET", self.path, None, {"authorization": f"Bearer {cluster.token}",
                                                                "accept": self.headers["accept"]})
            answer = cluster.connection.getresponse()
            body, kind = answer.read(), answer.headers["content-type"]
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def drained(words, kubeconfig):
    """Seconds from the first event on a pipe to the last, and the memory at the end in MiB."""
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, "KUBECONFIG": str(kubeconfig)})
    tail, begin = b"", None
    while b"the-end" not in tail:
        piece = os.read(process.stdout.fileno(), 1 << 16)
        if not piece:
            raise RuntimeError(f"{words} ended before the last event")
        begin = begin or time.perf_counter()
        tail = (tail + piece)[-4096:]
    took = time.perf_counter() - begin
    peak = memory(process.pid, "VmHWM")
    process.kill()
    process.wait()
    return took, peak


def measure_watch(binary, cluster, quick):
    with tempfile.TemporaryDirectory() as folder:
        for program, words, count in ((binary, ["get", "tasks", "-w"], 20_000 if quick else 200_000),
                                      ("kubectl", ["get", "tasks", "-w"], 5_000 if quick else 20_000)):
            replay = Replay(cluster, count)
            kubeconfig = Path(folder) / "kubeconfig"
            kubeconfig.write_text(json.dumps({
                "apiVersion": "v1", "kind": "Config", "current-context": "replay",
                "clusters": [{"name": "replay", "cluster": {"server": f"http://127.0.0.1:{replay.server_port}"}}],
                "contexts": [{"name": "replay", "context": {"cluster": "replay", "user": "replay"}}],
                "users": [{"name": "replay", "user": {}}]}))
            kubeconfig.chmod(0o600)
            runs = [drained([program, *words], kubeconfig) for _ in range(3)]
            took, peak = min(runs)
            rate = f"{count / took:,.0f} events/s of {count:,}, {peak:.1f} MiB"
            row("get tasks -w, into a pipe" if program == binary else "… kubectl",
                "≥ 60,000 events/s" if program == binary else "", rate)
            replay.shutdown()


def measure(binary, quick, cluster):
    """Measures with a sandbox that has no tasks and no sessions."""
    cluster.call("POST", AGENTS, {"apiVersion": "kubeopencode.io/v1alpha1", "kind": "Agent", "metadata": {"name": "parked"},
                                  "spec": {"workspaceDir": "/workspace", "serviceAccountName": "default", "suspend": True}})
    begin, many = time.perf_counter(), 10_000
    load(cluster, TASKS, map(task, range(many)))
    load(cluster, SESSIONS, map(session, range(many)))
    row("20,000 objects created by 8 writers", "", f"{2 * many / (time.perf_counter() - begin):,.0f} a second")
    until_quiet(cluster)
    count = 3 if quick else 9
    measure_lists(binary, cluster, count)
    measure_completion(binary, cluster)
    measure_watch(binary, cluster, quick)
    if not quick:
        measure_growth(binary, cluster, count, many, 5 * many)
