# SPDX-License-Identifier: Apache-2.0
"""Processes pinned to a core, and what /proc says of them."""

import os
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something that makes a measurement impossible, told to the user as it is."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Pinned:
    """A process of one program, on one core. All its threads inherit the core."""

    def __init__(self, command, core, log, cwd):
        self.command = command
        self.log = log
        self._file = open(log, "wb")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._file, stderr=subprocess.STDOUT, cwd=cwd,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )

    def cpu(self):
        """(user, system) seconds so far, all threads, the ended ones too."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            # The name in parentheses may hold anything: fields count from behind it.
            fields = file.read().rpartition(")")[2].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

    def memory(self):
        """Resident KiB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def wait_for(self, port, seconds=20):
        """Until the port takes connections."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BenchError(f"{self.command[0]} ended:\n{self.tail()}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise BenchError(f"{self.command[0]} does not listen on {port}:\n{self.tail()}")

    def tail(self):
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-15:])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self._file.close()


def run_pinned(command, core, timeout, cwd=None):
    """Runs a load generator to its end; its output."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, cwd=cwd,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"{command[0]} did not end in {timeout} s") from None
    if done.returncode != 0:
        raise BenchError(f"{' '.join(command)} failed:\n{done.stdout[-500:]}{done.stderr[-500:]}")
    return done.stdout
