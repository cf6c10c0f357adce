#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures malla-proxy beside Envoy, HAProxy and nginx on this machine. `make bench` builds and runs it."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time

from mallabench import certificates, load, report, scenarios, subjects
from mallabench.processes import BenchError


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--malla", default="malla-proxy", help="the malla-proxy to measure (a release build)")
    parser.add_argument("--scenario", action="append", choices=[one.name for one in scenarios.ALL], help="only these")
    parser.add_argument("--subject", action="append", choices=list(subjects.STARTERS), help="only these proxies")
    parser.add_argument("--rounds", type=int, default=5, help="each proxy is measured so often, in turns (5)")
    parser.add_argument("--seconds", type=int, default=4, help="of load for each measurement (4)")
    parser.add_argument("--proxy-core", type=int, default=0, help="core for the proxies (0)")
    parser.add_argument("--load-core", type=int, default=1, help="core for the backend and the load (1)")
    parser.add_argument("-o", "--output", choices=["text", "json"], default="text")
    parser.add_argument("--keep", action="store_true", help="keep configurations and logs, and say where")
    return parser.parse_args()


def programs(options):
    """Paths of what is there; a subject whose program is missing is left out with a note."""
    found = {}
    for name, wanted in (
        ("malla", options.malla), ("envoy", "envoy"), ("haproxy", "haproxy"), ("nginx", "nginx"), ("wrk", "wrk"),
        ("h2load", "h2load"),
    ):
        path = shutil.which(wanted, path=os.environ.get("PATH", "") + ":/usr/sbin")
        if path:
            found[name] = os.path.abspath(path)
        else:
            print(f"bench: no {wanted}: left out", file=sys.stderr)
    for needed in ("nginx", "wrk"):
        if needed not in found:
            raise BenchError(f"{needed} is needed: apt-get install wrk nginx-light nghttp2-client haproxy")
    return found


class Bench:
    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.programs = programs(options)
        certificates.make(directory)
        self.backend = subjects.Backend(options.load_core, directory, self.programs["nginx"])

    def _start(self, scenario, name):
        subject = subjects.Subject(name, self.options.proxy_core, os.path.join(self.directory, scenario.name))
        try:
            subjects.STARTERS[name](subject, scenario, self.backend, self.programs)
        except BenchError as error:
            subject.stop()
            print(f"bench: {scenario.name}: {name} cannot: {error}", file=sys.stderr)
            return None
        return subject

    def _load(self, scenario, subject, seconds):
        core = self.options.load_core
        url = scenario.url(subject.port)
        if scenario.http2 or scenario.rate:
            body = None
            if scenario.body:
                body = os.path.join(self.directory, f"{scenario.name}.body")
                with open(body, "wb") as out:
                    out.write(scenario.body)
            return load.h2load(
                self.programs["h2load"], core, url, seconds, scenario.connections, subject.directory,
                streams=getattr(scenario, "streams", 1), http1=not scenario.http2, rate=scenario.rate,
                headers=scenario.headers, body=body)
        script = None
        if scenario.script:
            script = os.path.join(self.directory, f"{scenario.name}.lua")
            with open(script, "w") as out:
                out.write(scenario.script)
        return load.wrk(self.programs["wrk"], core, url, seconds, scenario.connections, scenario.headers, script)

    def _measure(self, scenario, subject):
        before = subject.cpu()
        seen = self._load(scenario, subject, self.options.seconds)
        after = subject.cpu()
        user, system = ((after[i] - before[i]) / seen.requests * 1e6 for i in (0, 1))
        return {
            "requests_per_second": seen.requests / seen.seconds, "cpu_us": user + system, "user_us": user,
            "system_us": system, "p50_ms": seen.p50, "p99_ms": seen.p99, "memory_kib": subject.memory(),
        }

    def _measure_memory(self, scenario, subject):
        rest = subject.memory()
        connections = load.idle_connections(subject.port, scenario.connections, scenario.headers)
        idle = subject.memory()
        for connection in connections:
            connection.close()
        return {"memory_kib": rest, "idle_kib": idle}

    def run(self, scenario):
        scenario.directory = self.directory
        wanted = [
            name for name in scenario.subjects
            if name in self.programs and (not self.options.subject or name in self.options.subject)
        ]
        if (scenario.http2 or scenario.rate) and "h2load" not in self.programs:
            return None
        running = [subject for subject in (self._start(scenario, name) for name in wanted) if subject]
        started = list(running)
        samples = {subject.name: [] for subject in running}
        try:
            if scenario.kind == "memory":
                time.sleep(1)
                for subject in running:
                    samples[subject.name].append(self._measure_memory(scenario, subject))
                return report.summary(scenario, samples)
            for subject in list(running):
                try:
                    self._load(scenario, subject, 1)
                except BenchError as error:
                    print(f"bench: {scenario.name}: {subject.name} fails: {error}", file=sys.stderr)
                    running.remove(subject)
                    del samples[subject.name]
            for turn in range(self.options.rounds):
                # The order turns, so that nobody always comes after the same.
                for subject in running[turn % len(running):] + running[:turn % len(running)] if running else []:
                    samples[subject.name].append(self._measure(scenario, subject))
            return report.summary(scenario, samples)
        finally:
            for subject in started:
                subject.stop()

    def stop(self):
        self.backend.stop()


def main():
    options = arguments()
    directory = tempfile.mkdtemp(prefix="malla-bench-")
    bench = None
    try:
        bench = Bench(options, directory)
        results = []
        for scenario in scenarios.ALL:
            if options.scenario and scenario.name not in options.scenario:
                continue
            result = bench.run(scenario)
            if not result:
                continue
            results.append(result)
            if options.output == "text":
                print(report.text(result), end="\n\n", flush=True)
        if options.output == "json":
            json.dump({"scenarios": results, "seconds": options.seconds, "rounds": options.rounds}, sys.stdout, indent=1)
            print()
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        if bench:
            bench.stop()
        if options.keep:
            print(f"bench: kept {directory}", file=sys.stderr)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
