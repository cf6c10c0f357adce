#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Memory of malla-proxy over time: a body of 10 GiB through a slow reader, both ways and by HTTP/2, and ten million requests.
`make soak` builds and runs it; exit 1 when memory grew."""

import argparse
import os
import shutil
import socket
import sys
import tempfile
import threading
import time

from mallabench import load, scenarios, subjects
from mallabench.processes import BenchError, Pinned

CHUNK = 1 << 20
MIB = 1 << 20


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--malla", default="malla-proxy", help="the malla-proxy to watch (a release build)")
    parser.add_argument("--gib", type=float, default=10, help="size of each body (10)")
    parser.add_argument("--seconds", type=float, default=60, help="how long the slow reader takes for one body (60)")
    parser.add_argument("--requests", type=int, default=10_000_000, help="how many (10 000 000); 0 leaves them out")
    parser.add_argument("--growth", type=int, default=32, help="MiB that the proxy may grow by while a body passes (32)")
    parser.add_argument("--drift", type=int, default=4, help="MiB that it may grow by from the first tenth of the requests on (4)")
    parser.add_argument("--proxy-core", type=int, default=0)
    parser.add_argument("--load-core", type=int, default=1)
    return parser.parse_args()


class Watch:
    """Samples a process's resident memory while a block runs."""

    def __init__(self, process):
        self.process = process
        self.before = self.highest = 0
        self._over = threading.Event()

    def __enter__(self):
        self.before = self.highest = self.process.memory()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def _run(self):
        while not self._over.wait(0.1):
            self.highest = max(self.highest, self.process.memory())

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    @property
    def growth(self):
        return (self.highest - self.before) / 1024


def read_head(connection):
    """(head, what of the body came with it)"""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            raise BenchError(f"closed before a whole head came: {data[:200]}")
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").lower(), rest


def read_slowly(connection, left, seconds):
    """Nothing for a while, then evenly, so that all of it takes about `seconds`."""
    total = left
    pause = seconds / 10
    time.sleep(pause)
    start = time.monotonic()
    buffer = bytearray(CHUNK)
    while left:
        count = connection.recv_into(buffer, min(left, CHUNK))
        if not count:
            raise BenchError(f"the body ended {left} bytes early")
        left -= count
        due = (1 - left / total) * (seconds - pause)
        ahead = due - (time.monotonic() - start)
        if ahead > 0.01:
            time.sleep(ahead)


class Origin:
    """Sends and takes bodies of one size; each connection has a thread, and carries one request."""

    def __init__(self, size, seconds, file):
        self.size, self.seconds, self.file = size, seconds, file
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                head, rest = read_head(connection)
                if head.startswith("put"):
                    read_slowly(connection, self.size - len(rest), self.seconds)
                    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                else:
                    connection.sendall(
                        f"HTTP/1.1 200 OK\r\ncontent-length: {self.size}\r\nconnection: close\r\n\r\n".encode())
                    with open(self.file, "rb") as body:
                        connection.sendfile(body)
            except (OSError, BenchError) as error:
                print(f"soak: origin: {error}", file=sys.stderr)


def download(port, size, seconds):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        head, rest = read_head(connection)
        if " 200 " not in head:
            raise BenchError(head)
        read_slowly(connection, size - len(rest), seconds)


def upload(port, size, file):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: {size}\r\n\r\n".encode())
        with open(file, "rb") as body:
            connection.sendfile(body)
        head, _ = read_head(connection)
        if " 200 " not in head:
            raise BenchError(head)


def curl(port, size, seconds, core, directory):
    """HTTP/2, whose windows hold the origin back."""
    process = Pinned(
        ["curl", "-sS", "--http2-prior-knowledge", "--limit-rate", str(int(size / seconds)), "-o", "/dev/null", "-w",
         "%{http_code} %{http_version} %{size_download}", f"http://127.0.0.1:{port}/"],
        core, os.path.join(directory, "curl.log"), directory)
    if process.process.wait(timeout=seconds * 10 + 60) or process.tail() != f"200 2 {size}":
        raise BenchError(f"curl: {process.tail()}")


def bodies(options, directory):
    size = int(options.gib * (1 << 30))
    file = os.path.join(directory, "body")
    with open(file, "wb") as out:
        out.truncate(size)
    origin = Origin(size, options.seconds, file)
    subject = start(options, directory, [origin.port])
    ways = [
        ("download, slow client", lambda: download(subject.port, size, options.seconds)),
        ("upload, slow server", lambda: upload(subject.port, size, file)),
    ]
    if shutil.which("curl"):
        ways.append(("HTTP/2, slow client", lambda: curl(subject.port, size, options.seconds, options.load_core, directory)))
    good = True
    for name, run in ways:
        begun = time.monotonic()
        with Watch(subject.processes[0]) as watch:
            run()
        took = time.monotonic() - begun
        held = watch.growth <= options.growth
        good = good and held
        print(
            f"{'ok    ' if held else 'FAILED'} {options.gib:g} GiB {name}: {took:.0f} s, resident {watch.before / 1024:.1f} MiB, "
            f"at most {watch.highest / 1024:.1f} MiB", flush=True)
    subject.stop()
    return good


def requests(options, directory):
    programs = {name: shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin") for name in ("nginx", "wrk")}
    if not all(programs.values()):
        raise BenchError("nginx and wrk are needed: apt-get install wrk nginx-light")
    backend = subjects.Backend(options.load_core, directory, programs["nginx"])
    subject = start(options, directory, backend.ports(scenarios.Plain()))
    done, samples, seconds = 0, [], 0
    while done < options.requests:
        seen = load.wrk(programs["wrk"], options.load_core, f"http://127.0.0.1:{subject.port}/", 10, 64)
        done += seen.requests
        seconds += seen.seconds
        samples.append((done, subject.memory()))
        print(f"       {done:>10} requests, resident {samples[-1][1] / 1024:.1f} MiB", flush=True)
    subject.stop()
    backend.stop()
    warm = next(memory for count, memory in samples if count >= options.requests / 10)
    drift = (samples[-1][1] - warm) / 1024
    held = drift <= options.drift
    print(
        f"{'ok    ' if held else 'FAILED'} {done} requests ({done / seconds:.0f} each second): {warm / 1024:.1f} MiB after a tenth, "
        f"{samples[-1][1] / 1024:.1f} MiB at the end")
    return held


def start(options, directory, ports):
    scenario = scenarios.Plain()
    subject = subjects.Subject("malla", options.proxy_core, tempfile.mkdtemp(dir=directory))
    # No route timeout: a slow body takes longer than any.
    configure = scenario.configure
    def without_timeout(*arguments):
        listener, clusters = configure(*arguments)
        for route in routes(listener):
            route["timeout"] = "0s"
        return listener, clusters
    scenario.configure = without_timeout
    backend = type("Ports", (), {"ports": staticmethod(lambda _: ports)})
    subjects.start_malla(subject, scenario, backend, {"malla": os.path.abspath(options.malla)})
    return subject


def routes(value):
    """Every `route` action in a listener."""
    if isinstance(value, dict):
        if isinstance(value.get("route"), dict) and "cluster" in value["route"]:
            yield value["route"]
        for part in value.values():
            yield from routes(part)
    elif isinstance(value, list):
        for part in value:
            yield from routes(part)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="malla-soak-") as directory:
        try:
            good = bodies(options, directory) if options.gib else True
            good = (requests(options, directory) if options.requests else True) and good
        except BenchError as error:
            print(f"soak: {error}", file=sys.stderr)
            return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
