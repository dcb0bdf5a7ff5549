"""How soon people see what agents ask of them: `approvals` over many Agents, and `approvals -w` when something is asked."""

import http.client
import json
import subprocess
import threading
import time
from pathlib import Path

from measure import finished, kubectl_json, quantiles, row

SERVER = Path(__file__).resolve().parent / "asking_server"
PATIENCE = 180


def ask(address):
    connection = http.client.HTTPConnection(*address, timeout=30)
    connection.request("POST", "/ask", b"")
    asked = json.loads(connection.getresponse().read())
    connection.close()
    return asked["id"]


def addresses(count):
    """Where the ready servers of all Agents listen."""
    deadline = time.monotonic() + PATIENCE
    while True:
        ready = []
        for pod in kubectl_json("get", "pods")["items"]:
            status = pod.get("status", {})
            if any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", [])):
                ready.append((status["podIP"], pod["spec"]["containers"][0]["ports"][0]["containerPort"]))
        if len(ready) >= count:
            return ready
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(ready)} of {count} agents are ready after {PATIENCE} s")
        time.sleep(0.5)


class Watcher:
    """`approvals -A -w`, and when each of its lines came."""

    def __init__(self, binary):
        self.process = subprocess.Popen([str(binary), "approvals", "-A", "-w"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        self.lines, self.came = [], threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.came:
                self.lines.append((time.perf_counter(), line))
                self.came.notify_all()

    def until(self, count):
        """When the line came that made it so many."""
        with self.came:
            if not self.came.wait_for(lambda: len(self.lines) >= count, PATIENCE):
                raise RuntimeError(f"{len(self.lines)} of {count} lines came: {self.lines}")
            return self.lines[count - 1][0]


def measure(binary, quick):
    count = 20 if quick else 100
    subprocess.run([str(binary), "sandbox", "start", "--offline-model", "--opencode", str(SERVER)], check=True, capture_output=True)
    for number in range(count):
        subprocess.run([str(binary), "agent", "create", f"agent-{number}"], check=True, capture_output=True)
    servers = addresses(count)
    finished([binary, "approvals", "-A"])
    times = [finished([binary, "approvals", "-A"]).wall for _ in range(10)]
    row(f"approvals -A over {count} agents, of which none asks", "≤ 1 s", quantiles(times))
    for address in servers:
        ask(address)
    times = [finished([binary, "approvals", "-A"]).wall for _ in range(10)]
    row("… of which every one asks", "≤ 1 s", quantiles(times))
    watcher = Watcher(binary)
    try:
        # A header, and what waits already.
        watcher.until(1 + count)
        times = []
        for number in range(10 if quick else 50):
            lines = len(watcher.lines)
            begin = time.perf_counter()
            ask(servers[number % count])
            times.append(watcher.until(lines + 1) - begin)
        row(f"permission asked → shown in approvals -w, {count} agents", "≤ 300 ms", quantiles(times))
    finally:
        watcher.process.terminate()
        watcher.process.wait()
