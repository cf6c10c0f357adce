#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts heap allocations for a request in the proxy's event loop, and compares them with the limits in allocations.json.

`make bench-allocations` builds and runs it; a test of the suite runs it with the program of its own build. There are limits for
either configuration: what counts is the release build, but an allocation too many is one in both. A limit is raised only with a
reason in the commit.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

from mallabench import bootstraps, certificates, scenarios
from mallabench.processes import free_port

LIMITS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "allocations.json")
#: In the bootstrap, where the program is to put its own backend's port.
BACKEND = 1


def many_headers():
    return tuple(f"X-Header-{number}: value-{number}" for number in range(40))


#: name: (scenario, what is spoken, headers beside the scenario's)
CASES = {
    "http1": (scenarios.Plain(), "http1", ()),
    "http1-40-headers": (scenarios.Plain(), "http1", many_headers()),
    "chain": (scenarios.Chain(), "http1", ()),
    "hosts-10": (scenarios.Hosts(10), "http1", ()),
    "hosts-1000": (scenarios.Hosts(1000), "http1", ()),
    "mtls": (scenarios.MutualTLS(), "http1", ()),
    "http2": (scenarios.HTTP2(), "http2", ()),
    "grpc": (scenarios.GRPC(), "grpc", ()),
}


def count(program, name, requests, directory):
    scenario, spoken, more = CASES[name]
    scenario.directory = directory
    ports = [free_port() for _ in range(scenario.hops)]
    listeners, clusters = [], {}
    for hop in range(scenario.hops):
        target = [ports[hop + 1]] if hop + 1 < scenario.hops else [BACKEND]
        listener, own = scenario.configure(hop, ports[hop], target, os.path.join(directory, "access.log"))
        listeners.append(listener)
        clusters.update({cluster["name"]: cluster for cluster in own})
    file = os.path.join(directory, f"{name}.json")
    with open(file, "w") as out:
        json.dump(bootstraps.bootstrap(free_port(), listeners, list(clusters.values())), out, indent=1)
    done = subprocess.run(
        [program, spoken, file, str(ports[0]), str(requests), *scenario.headers, *more], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    allocations, _, microseconds, _, configuration = done.stdout.split()
    return float(allocations), float(microseconds), configuration


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the allocation-bench to run (a release build)")
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="make what is measured the limits")
    options = parser.parse_args()
    with open(LIMITS) as file:
        limits = json.load(file)
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        certificates.make(directory)
        for name in options.case or CASES:
            try:
                measured, microseconds, configuration = count(options.program, name, options.requests, directory)
            except RuntimeError as error:
                print(f"{name:18} cannot be measured: {error}")
                failed = True
                continue
            own = limits.setdefault(configuration, {})
            limit = own.get(name)
            if options.write:
                # A half is noise: buffers that grow now and then. Without optimisation every closure is one: a quarter is.
                own[name] = round(measured + 0.5) if configuration == "release" else round(measured * 1.25)
            verdict = "" if limit is None else "ok" if measured <= limit else f"MORE than the limit of {limit}"
            failed = failed or (limit is not None and measured > limit and not options.write)
            print(f"{name:18} {measured:8.1f} allocations {microseconds:8.1f} µs  {verdict}", flush=True)
    if options.write:
        with open(LIMITS, "w") as out:
            json.dump(limits, out, indent=1)
            out.write("\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
