# SPDX-License-Identifier: Apache-2.0
"""Redirects connections to a proxy, as a mesh does, in a network namespace of its own (run it under `unshare --net`).

usage: original_destination.py MALLA-PROXY BOOTSTRAP LOG
Prints a line for each connection: what was asked for, and what the server says to have been called by. Exit 77: cannot be tried here.
"""
import os
import socket
import subprocess
import sys
import threading
import time

V4, V6 = "10.9.9.9", "fd00:9::9"
CLIENT = 65534  # Only this user's connections are redirected, not the proxy's.


def command(line):
    result = subprocess.run(line.split(), capture_output=True, text=True)
    if result.returncode != 0:
        print(f"{line}: {result.stderr.strip()}")
        sys.exit(77)


def serve(family, address, port):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(16)

    def run():
        while True:
            connection, _ = listener.accept()
            name = connection.getsockname()
            connection.sendall(f"{name[0]} {name[1]}".encode())
            connection.close()

    threading.Thread(target=run, daemon=True).start()


def main(proxy, bootstrap, log):
    command("ip link set lo up")
    command(f"ip addr add {V4}/32 dev lo")
    command(f"ip -6 addr add {V6}/128 dev lo nodad")
    for tool, address in (("iptables", V4), ("ip6tables", V6)):
        command(f"{tool} -w -t nat -A OUTPUT -p tcp -d {address} -m owner --uid-owner {CLIENT} -j REDIRECT --to-ports 15001")
    for port in (8000, 8001):
        serve(socket.AF_INET, V4, port)
        serve(socket.AF_INET6, V6, port)
    serve(socket.AF_INET, "127.0.0.1", 9000)
    with open(log, "w") as output:
        child = subprocess.Popen([proxy, "-c", bootstrap, "--concurrency", "1"], stdout=output, stderr=output)
    try:
        for address in ("127.0.0.1", "::1"):
            for _ in range(200):
                try:
                    socket.create_connection((address, 15001)).close()
                    break
                except OSError:
                    time.sleep(0.05)
        os.setegid(CLIENT)
        os.seteuid(CLIENT)
        for address, port in ((V4, 8000), (V6, 8000), (V4, 8001), (V6, 8001)):
            with socket.create_connection((address, port), timeout=10) as connection:
                answer = b""
                while part := connection.recv(100):
                    answer += part
            print(f"{address} {port}: {answer.decode()}", flush=True)
    finally:
        os.seteuid(0)
        child.kill()
        child.wait()


main(*sys.argv[1:])
