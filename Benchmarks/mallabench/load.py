# SPDX-License-Identifier: Apache-2.0
"""Load generators, and what they print."""

import os
import re
import socket

from .processes import BenchError, run_pinned

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


class Load:
    """What one run of a load generator saw. Times in milliseconds."""

    def __init__(self, requests, seconds, p50, p99):
        self.requests = requests
        self.seconds = seconds
        self.p50 = p50
        self.p99 = p99


def _milliseconds(text):
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    # wrk prints `-nan` where it has too few samples.
    return float(match.group(1)) * UNITS[match.group(2)] if match else None


def parse_wrk(output):
    """
    >>> text = '''    50%    1.25ms
    ...     99%  900.00us
    ...   12345 requests in 3.00s, 4.5MB read
    ... '''
    >>> load = parse_wrk(text)
    >>> load.requests, load.seconds, load.p50, load.p99
    (12345, 3.0, 1.25, 0.9)
    """
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    if bad:
        raise BenchError(f"{bad.group(1)} answers were not 2xx:\n{output}")
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    if errors and any(int(count) for count in errors.groups()):
        raise BenchError(f"requests failed: {errors.group(0)}")
    done = re.search(r"(\d+) requests in ([\d.]+\w+),", output)
    if not done or int(done.group(1)) == 0:
        raise BenchError(f"no requests went through:\n{output}")
    percentile = lambda share: _milliseconds(re.search(share + r"%\s+(\S+)", output).group(1))
    return Load(int(done.group(1)), _milliseconds(done.group(2)) / 1e3, percentile("50"), percentile("99"))


def wrk(program, core, url, seconds, connections, headers=(), script=None):
    command = [program, "--latency", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", script]
    return parse_wrk(run_pinned([*command, url], core, seconds + 30))


def parse_h2load(output, log, seconds):
    """`log` holds a line a request: start in µs, status, duration in µs."""
    counts = re.search(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded", output)
    if not counts or int(counts.group(2)) == 0 or counts.group(2) != counts.group(3):
        raise BenchError(f"requests failed:\n{output}")
    times = sorted(int(line.split("\t")[2]) / 1e3 for line in log.splitlines() if line)
    percentile = lambda share: times[min(int(len(times) * share), len(times) - 1)] if times else 0.0
    return Load(int(counts.group(2)), seconds, percentile(0.50), percentile(0.99))


def h2load(program, core, url, seconds, clients, directory, streams=1, http1=False, rate=None, headers=(), body=None):
    """With `rate`, requests a second over all clients; without, as many as go."""
    log = os.path.join(directory, "h2load.log")
    if os.path.exists(log):
        os.remove(log)
    command = [program, "-t1", f"-c{clients}", f"-m{streams}", "-D", str(seconds), f"--log-file={log}"]
    if http1:
        command.append("--h1")
    if rate:
        command.append(f"--rps={max(1, rate // clients)}")
    if body:
        command += [f"--data={body}"]
    for header in headers:
        # A second `Host` would be refused.
        command += ["-H", header.replace("Host:", ":authority:") if header.startswith("Host:") else header]
    output = run_pinned([*command, url], core, seconds + 30)
    with open(log) as file:
        return parse_h2load(output, file.read(), seconds)


def idle_connections(port, count, headers):
    """Connections that have each had one answer and now rest; close them to end it."""
    head = "GET / HTTP/1.1\r\n" + "".join(f"{header}\r\n" for header in headers)
    if not any(header.lower().startswith("host:") for header in headers):
        head += "host: bench\r\n"
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.sendall((head + "\r\n").encode())
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            raise BenchError("a connection was not served")
        connections.append(connection)
    return connections
