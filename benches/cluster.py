"""The API server, spoken to without a client in between; and a way to it that can be cut."""

import base64
import http.client
import json
import select
import socket
import ssl
import threading
import time
from pathlib import Path

from measure import kubectl_json

SESSIONS = "/apis/session.kubeopencode.io/v1alpha1/namespaces/default/sessions"
AGENTS = "/apis/kubeopencode.io/v1alpha1/namespaces/default/agents"
PODS = "/api/v1/namespaces/default/pods"
MERGE = "application/merge-patch+json"
# How long an API server may be away, in seconds.
PATIENCE = 60


class Cluster:
    """The API of the cluster that a kubeconfig names, over one connection for each thread that asks."""

    def __init__(self, kubeconfig):
        view = kubectl_json("config", "view", "--raw", "--kubeconfig", kubeconfig)
        cluster, user = view["clusters"][0]["cluster"], view["users"][0]["user"]
        self.address, self.token = cluster["server"].removeprefix("https://"), user["token"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.context = ssl.create_default_context(cadata=authority)
        self.local = threading.local()

    def ask(self, method, path, body=None, kind="application/json"):
        status, answer = self.answer(method, path, body, kind)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {json.dumps(answer)[:300]}")
        return answer

    def answer(self, method, path, body=None, kind="application/json"):
        """The HTTP status and the object of an answer; one that may have been killed is asked again for a while."""
        deadline = time.monotonic() + PATIENCE
        while True:
            if not hasattr(self.local, "connection"):
                self.local.connection = http.client.HTTPSConnection(self.address, context=self.context, timeout=60)
            headers = {"authorization": f"Bearer {self.token}", "content-type": kind}
            try:
                self.local.connection.request(method, path, body and json.dumps(body), headers)
                response = self.local.connection.getresponse()
                return response.status, json.loads(response.read())
            except (OSError, http.client.HTTPException):
                self.local.connection.close()
                del self.local.connection
                if method == "POST" or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def watch(self, path, take):
        """Calls `take` with each object that changes, in a thread of its own."""
        connection = http.client.HTTPSConnection(self.address, context=self.context)
        connection.request("GET", f"{path}?watch=true", headers={"authorization": f"Bearer {self.token}"})
        response = connection.getresponse()

        def read():
            for line in response:
                take(json.loads(line)["object"])

        threading.Thread(target=read, daemon=True).start()


class Wire:
    """A port that leads to the API server, whose connections can be cut all at once."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.target, self.lock, self.pairs = (host, int(port)), threading.Lock(), set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def kubeconfig(self, source, target):
        """Writes the kubeconfig at `source` anew so that it leads over this wire."""
        host, port = self.target
        text = Path(source).read_text().replace(f"https://{host}:{port}", f"https://127.0.0.1:{self.port}")
        Path(target).write_text(text)
        Path(target).chmod(0o600)

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        try:
            far = socket.create_connection(self.target, timeout=10)
            far.settimeout(None)
        except OSError:
            near.close()
            return
        with self.lock:
            self.pairs.add((near, far))
        try:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (far if ready is near else near).sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.pairs.discard((near, far))
            near.close()
            far.close()

    def cut(self):
        """Ends every connection, as a load balancer that restarts does; tells how many there were."""
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        return len(pairs)
