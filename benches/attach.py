"""What `attach` adds to a terminal of an agent: time to the first byte, time of a key, output, coming back, recording.

Measured against `pty_server`, which answers at once, and against the real server, whose own polling stands in the result.
The person is this script: it holds the other side of a real pseudo-terminal.
"""

import base64
import fcntl
import json
import os
import pty
import resource
import select
import signal
import socket
import ssl
import statistics
import struct
import subprocess
import tempfile
import termios
import threading
import time
from pathlib import Path
from types import SimpleNamespace

from measure import free_port, kubectl_json, memory, quantiles, row, spent, switches

HERE = Path(__file__).resolve().parent
AGENT = "default"


class Person:
    """Somebody at a terminal in which `words` run."""

    def __init__(self, words, environment=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.begin = time.perf_counter()
        self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        env={**os.environ, **(environment or {})})
        os.close(slave)
        self.seen = b""

    def types(self, text):
        os.write(self.master, text)

    def reads(self, limit=30):
        ready, _, _ = select.select([self.master], [], [], limit)
        if not ready:
            raise RuntimeError(f"nothing came for {limit} s after {self.seen[-500:]!r}")
        text = os.read(self.master, 1 << 16)
        self.seen = (self.seen + text)[-65536:]
        return text

    def sees(self, text, limit=30):
        deadline = time.perf_counter() + limit
        while text not in self.seen:
            self.reads(max(0.01, deadline - time.perf_counter()))
        return time.perf_counter()

    def leaves(self):
        self.process.send_signal(signal.SIGHUP)
        try:
            while os.read(self.master, 1 << 16):
                pass
        except OSError:
            pass
        os.close(self.master)
        return self.process.wait(30)


class Direct:
    """A WebSocket to a terminal, without anything of ours."""

    def __init__(self, host, port):
        self.address = (host, port)
        self.pty = json.loads(self.request("POST", "/pty", b"{}"))["id"]
        self.open()
        self.send(UPGRADE.format(path=f"/pty/{self.pty}/connect?cursor=-1", more="").encode())
        answer = b""
        while b"}" not in answer:
            answer += self.receive()

    def open(self):
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, bytes):
        self.socket.sendall(bytes)

    def receive(self):
        return self.socket.recv(4096)

    def request(self, method, path, body):
        with socket.create_connection(self.address) as connection:
            connection.sendall(f"{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n"
                               f"content-length: {len(body)}\r\n\r\n".encode() + body)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer.split(b"\r\n\r\n", 1)[1]

    def key(self):
        begin = time.perf_counter()
        self.send(b"\x81\x81\x00\x00\x00\x00k")
        self.receive()
        return time.perf_counter() - begin


class Forwarded(Direct):
    """The same through a port-forward of the API server: one TLS connection and one WebSocket, driven by this script. What it
    takes longer than without is the API server's and the node's part; what `attach` takes longer than this is its own."""

    def __init__(self, host, port):
        config = kubectl_json("config", "view", "--raw")
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.tls, self.token = ssl.create_default_context(cadata=authority), user["token"]
        api, api_port = cluster["server"].removeprefix("https://").rsplit(":", 1)
        self.api = (api, int(api_port))
        super().__init__(host, port)

    def open(self):
        plain = socket.create_connection(self.api)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self.tls.wrap_socket(plain, server_hostname=self.api[0])
        pod = server_pod().removeprefix("pod/")
        more = f"authorization: Bearer {self.token}\r\nsec-websocket-protocol: v4.channel.k8s.io\r\n"
        path = f"/api/v1/namespaces/default/pods/{pod}/portforward?ports={self.address[1]}"
        self.socket.sendall(UPGRADE.format(path=path, more=more).encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.socket.recv(4096)
        self.rest = self.rest.split(b"\r\n\r\n", 1)[1]
        # The port, on both channels.
        for _ in range(2):
            self.receive()

    def send(self, bytes):
        size = len(bytes) + 1
        head = struct.pack(">BBH", 0x82, 0xFE, size) if size > 125 else struct.pack(">BB", 0x82, 0x80 | size)
        self.socket.sendall(head + b"\0\0\0\0\0" + bytes)

    def receive(self):
        """The payload of the next message."""
        second = self.take(2)[1]
        size = struct.unpack(">H", self.take(2))[0] if second == 126 else second
        return self.take(size)[1:]

    def take(self, count):
        while len(self.rest) < count:
            self.rest += self.socket.recv(4096)
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken


UPGRADE = ("GET {path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n"
           "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{more}\r\n")


class Link:
    """A TCP relay before the API server whose connections can be cut."""

    def __init__(self, host, port):
        self.target, self.pairs, self.up = (host, port), [], True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            here, _ = self.listener.accept()
            if not self.up:
                here.close()
                continue
            there = socket.create_connection(self.target)
            self.pairs.append((here, there))
            for source, sink in ((here, there), (there, here)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.relay, args=(source, sink), daemon=True).start()

    def relay(self, source, sink):
        try:
            while piece := source.recv(1 << 18):
                sink.sendall(piece)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.up = False
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def attach(binary, *more):
    # Whoever sat there before may have been killed without a word.
    return [str(binary), "attach", f"agent/{AGENT}", "--shell", "--join", *more]


def key_times(ways, count):
    """Round trips of keys, 200 a second by each way, in turn: a machine that is busy for a while is so for all."""
    times, due = [[] for _ in ways], time.perf_counter()
    for _ in range(count):
        due += 0.005
        time.sleep(max(0.0, due - time.perf_counter()))
        for way, taken in zip(ways, times):
            taken.append(way())
    return times


def typed(person, key=b"k"):
    begin = time.perf_counter()
    person.types(key)
    person.reads()
    return time.perf_counter() - begin


def measure_first_byte(binary, count):
    times = []
    for _ in range(count):
        person = Person(attach(binary))
        times.append(person.sees(b"$ ") - person.begin)
        person.leaves()
    row("attach: process start to the first byte of the terminal", "≤ 30 ms + 3 RTT", quantiles(times))


def measure_keys(binary, count, server):
    port = free_port()
    forward = subprocess.Popen(["kubectl", "port-forward", server_pod(), f"{port}:{server[1]}"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    person = Person(attach(binary))
    # A program that does nothing but give back what it reads: what any terminal takes for a key.
    alone = Person(["sh", "-c", "stty raw -echo; printf '$ '; exec cat"])
    try:
        forward.stdout.readline()
        person.sees(b"$ ")
        alone.sees(b"$ ")
        ways = [Direct(*server).key, Forwarded(*server).key, Direct("127.0.0.1", port).key, lambda: typed(alone),
                lambda: typed(person)]
        before = switches(person.process.pid)
        direct, forwarded, kubectl, terminal, attached = key_times(ways, count)
        woken = (switches(person.process.pid) - before) / count
    finally:
        forward.terminate()
        forward.wait()
        person.leaves()
        alone.leaves()
    row("a key and its echo, straight to the server", "", quantiles(direct))
    row("… through a bare port-forward (API server, node)", "", quantiles(forwarded))
    row("… through kubectl port-forward, on a local port", "", quantiles(kubectl))
    row("… by `cat` in a real terminal, without any network", "", quantiles(terminal))
    row("… through attach, in a real terminal", "none over 5 ms", quantiles(attached))
    more = lambda times, *than: quantiles([value - sum(map(statistics.median, than)) for value in times])
    row("added by API server and node: bare port-forward, less straight", "", more(forwarded, direct))
    row("added by kubectl port-forward, less the bare one", "", more(kubectl, forwarded))
    row("added by attach and the terminal, less the bare one", "", more(attached, forwarded))
    row("added by attach, less the bare one and the terminal alone", "p50 0.15, p99 1 ms", more(attached, forwarded, terminal))
    row("… times that attach was woken for a key", "", f"{woken:.1f}")


def measure_output(binary, flood):
    process = subprocess.Popen(attach(binary), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    os.read(process.stdout.fileno(), 64)
    before = memory(process.pid, "VmHWM")
    process.stdin.write(b"F")
    process.stdin.flush()
    begin, count, own, tail = time.perf_counter(), 0, 0.0, b""
    while b"<end>" not in tail:
        piece = os.read(process.stdout.fileno(), 1 << 20)
        if not piece:
            raise RuntimeError("the flood broke off")
        count += len(piece)
        tail = (tail + piece)[-16:]
        if count % 8 == 0:
            own = max(own, memory(process.pid, "RssAnon"))
    seconds = time.perf_counter() - begin
    most, own = memory(process.pid, "VmHWM"), max(own, memory(process.pid, "RssAnon"))
    process.stdin.close()
    process.kill()
    process.wait()
    row("output through attach into a pipe", "≥ 150 MB/s", f"{count / seconds / 1e6:.0f} MB/s of {flood >> 20} MiB")
    row("… memory at most", "≤ 24 MiB", f"{most:.1f} MiB, {before:.1f} MiB of them before the first byte of it")
    row("… of which no file's pages", "", f"{own:.1f} MiB")


def measure_return(binary, count, kubeconfig):
    view = kubectl_json("config", "view", "--raw")
    host, port = view["clusters"][0]["cluster"]["server"].removeprefix("https://").rsplit(":", 1)
    link = Link(host, int(port))
    view["clusters"][0]["cluster"]["server"] = f"https://{host}:{link.port}"
    faulty = Path(kubeconfig).with_name("faulty-kubeconfig")
    faulty.touch(0o600)
    faulty.write_text(json.dumps(view))
    person = Person(attach(binary), {"KUBECONFIG": str(faulty)})
    person.sees(b"$ ")
    person.types(b"T")
    person.sees(b"<20>")
    at_once, after = [], []
    for down in [0.0] * count + [2.0] * count:
        link.cut()
        while select.select([person.master], [], [], 0.05)[0]:
            person.reads()
        if down:
            deadline = time.perf_counter() + down
            while time.perf_counter() < deadline:
                if select.select([person.master], [], [], 0.05)[0]:
                    person.reads()
        person.seen = b""
        begin, link.up = time.perf_counter(), True
        while not any(text.startswith(b"<") for text in person.seen.split(b"\r\n")[-3:]):
            person.reads()
        (after if down else at_once).append(time.perf_counter() - begin)
        for _ in range(20):
            person.reads()
    person.leaves()
    faulty.unlink()
    row("link cut and back at once, to the next byte", "≤ 500 ms + 3 RTT", quantiles(at_once))
    row("link down for 2 s, from its return to the next byte", "≤ 500 ms + 3 RTT", quantiles(after))


def cpu(words):
    """CPU seconds that one flood costs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    os.read(process.stdout.fileno(), 64)
    process.stdin.write(b"F")
    process.stdin.flush()
    tail = b""
    while b"<end>" not in tail:
        tail = (tail + os.read(process.stdout.fileno(), 1 << 20))[-16:]
    process.stdin.close()
    process.terminate()
    process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_recording(binary, count):
    with tempfile.TemporaryDirectory() as folder:
        plain = min(cpu(attach(binary)) for _ in range(count))
        recorded = min(cpu(attach(binary, "--record", f"{folder}/{number}.cast")) for number in range(count))
    row("CPU that recording adds to a flood into a pipe", "", f"{(recorded / plain - 1) * 100:+.1f} % of {plain:.2f} s")


def measure_real(binary, count):
    """The same against the real server: keys that a shell's terminal echoes, and a program that writes."""
    person = Person(attach(binary))
    person.types(b"stty -echoctl; PS1=; echo begin-$((1+1))\r")
    person.sees(b"begin-2")
    times = []
    for _ in range(count):
        time.sleep(0.02)
        times.append(typed(person))
    row("a key and its echo by the real server's shell", "(polls each 8 ms)", quantiles(times))
    person.leaves()
    size = 40_000_000
    with tempfile.TemporaryDirectory() as folder:
        plain, recorded = (flooded(attach(binary, *more), size) for more in ((), ("--record", f"{folder}/a.cast")))
    row("output of the real server's shell", "", f"{size / plain.wall / 1e6:.0f} MB/s, {plain.cpu / plain.wall:.1%} of a core")
    row("… recorded", "≤ 3 % of a core more", f"{size / recorded.wall / 1e6:.0f} MB/s, "
        f"{recorded.cpu / recorded.wall:.1%} of a core, {(recorded.cpu - plain.cpu) / recorded.wall:+.1%}")


def flooded(words, size):
    """The seconds that so many bytes of output of a shell take, and the CPU seconds that the program spends on them."""
    person = Person(words)
    # The terminal may be one that shows again what it showed before.
    number = time.monotonic_ns()
    person.types(f"stty -echo; PS1=; echo begin-$((1+{number}))\r".encode())
    person.sees(f"begin-{number + 1}".encode())
    begin, before = time.perf_counter(), spent(person.process.pid)
    person.types(f"head -c {size} /dev/zero | tr '\\0' x; echo over-$((1+{number}))\r".encode())
    wall = person.sees(f"over-{number + 1}".encode(), 120) - begin
    cpu = spent(person.process.pid) - before
    person.leaves()
    return SimpleNamespace(wall=wall, cpu=cpu)


def server_pod():
    found = subprocess.run(["kubectl", "get", "pods", "-l", f"kubeopencode.io/agent={AGENT}", "-o", "name"], check=True,
                           capture_output=True, text=True).stdout.split()
    return found[0]


def server_address():
    url = subprocess.run(["kubectl", "get", "agent", AGENT, "-o", "jsonpath={.status.url}"], check=True,
                         capture_output=True, text=True).stdout
    host, port = url.removeprefix("http://").rsplit(":", 1)
    return host, int(port)


def measure(binary, quick):
    """Measures with a sandbox of its own for each server; `HOME` is a folder to work in."""
    def sandbox(*words):
        subprocess.run([str(binary), "sandbox", *words], check=True, capture_output=True)

    for server in ("pty_server", None):
        sandbox("start", "--name", "attach", "--offline-model", *(["--opencode", str(HERE / server)] if server else []))
        try:
            kubeconfig = subprocess.run([str(binary), "sandbox", "kubeconfig", "--name", "attach", "--path"], check=True,
                                        capture_output=True, text=True).stdout.strip()
            before, os.environ["KUBECONFIG"] = os.environ.get("KUBECONFIG"), kubeconfig
            subprocess.run([str(binary), "agent", "create", AGENT, "--wait", "--timeout", "60s"], check=True,
                           capture_output=True)
            if server:
                address = server_address()
                measure_first_byte(binary, 5 if quick else 20)
                measure_keys(binary, 200 if quick else 2000, address)
                measure_output(binary, 512 << 20)
                measure_recording(binary, 2 if quick else 5)
                measure_return(binary, 3 if quick else 10, kubeconfig)
            else:
                measure_real(binary, 50 if quick else 300)
            if before is None:
                del os.environ["KUBECONFIG"]
            else:
                os.environ["KUBECONFIG"] = before
        finally:
            subprocess.run([str(binary), "sandbox", "reset", "--name", "attach", "--yes"], capture_output=True)
