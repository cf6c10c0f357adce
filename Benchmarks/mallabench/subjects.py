# SPDX-License-Identifier: Apache-2.0
"""The proxies that are compared: how each is configured and started, always with one worker."""

import json
import os

from . import bootstraps
from .processes import Pinned, free_port


class Subject:
    """A running proxy (or a pair of them, for two hops) that takes requests on `port`."""

    def __init__(self, name, core, directory):
        self.name = name
        self.core = core
        self.directory = os.path.join(directory, name)
        os.makedirs(self.directory, exist_ok=True)
        self.processes = []
        self.port = 0

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self, command, port):
        log = self.path(f"out-{len(self.processes)}.log")
        process = Pinned(command, self.core, log, self.directory)
        self.processes.append(process)
        process.wait_for(port)

    def cpu(self):
        parts = [process.cpu() for process in self.processes]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)

    def memory(self):
        return sum(process.memory() for process in self.processes)

    def stop(self):
        for process in self.processes:
            process.stop()


def _from_bootstrap(subject, scenario, backend, command):
    """Starts one process for each hop of the scenario, the last hop first."""
    ports = [free_port() for _ in range(scenario.hops)]
    for hop in reversed(range(scenario.hops)):
        target = [ports[hop + 1]] if hop + 1 < scenario.hops else backend.ports(scenario)
        listener, clusters = scenario.configure(hop, ports[hop], target, subject.path(f"access-{hop}.log"))
        document = bootstraps.bootstrap(free_port(), [listener], clusters)
        file = subject.path(f"bootstrap-{hop}.json")
        with open(file, "w") as out:
            json.dump(document, out, indent=1)
        subject.start(command(file), ports[hop])
    subject.port = ports[0]


def start_envoy(subject, scenario, backend, programs):
    _from_bootstrap(
        subject, scenario, backend,
        lambda file: [programs["envoy"], "-c", file, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"])


def start_malla(subject, scenario, backend, programs):
    _from_bootstrap(
        subject, scenario, backend,
        lambda file: [programs["malla"], "-c", file, "--concurrency", "1", "--log-level", "error"])


HAPROXY = """
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  option http-keep-alive
  http-reuse always
frontend in
  bind 127.0.0.1:{port}{tls}
  default_backend out
backend out
{servers}
"""


def start_haproxy(subject, scenario, backend, programs):
    subject.port = free_port()
    tls = ""
    if scenario.tls:
        # One file with key and chain.
        with open(subject.path("server.pem"), "w") as out:
            for part in ("server.pem", "server.key"):
                with open(os.path.join(scenario.directory, part)) as file:
                    out.write(file.read())
        tls = f" ssl crt {subject.path('server.pem')}"
    servers = "\n".join(f"  server s{port} 127.0.0.1:{port}" for port in backend.ports(scenario))
    with open(subject.path("haproxy.cfg"), "w") as out:
        out.write(HAPROXY.format(port=subject.port, tls=tls, servers=servers))
    subject.start([programs["haproxy"], "-db", "-f", subject.path("haproxy.cfg")], subject.port)


NGINX = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  {content}
}}
"""

NGINX_PROXY = """
  upstream out {{ {servers} keepalive 256; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port}{tls} backlog=4096;
    {certificate}
    location / {{
      proxy_pass http://out;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_request_buffering off;
      proxy_buffering {buffering};
    }}
  }}
"""


def start_nginx(subject, scenario, backend, programs):
    subject.port = free_port()
    certificate = ""
    if scenario.tls:
        place = scenario.directory
        certificate = f"ssl_certificate {place}/server.pem; ssl_certificate_key {place}/server.key;"
    content = NGINX_PROXY.format(
        port=subject.port, tls=" ssl" if scenario.tls else "", certificate=certificate,
        buffering="off" if scenario.bodies else "on",
        servers=" ".join(f"server 127.0.0.1:{port};" for port in backend.ports(scenario)))
    with open(subject.path("nginx.conf"), "w") as out:
        out.write(NGINX.format(directory=subject.directory, content=content))
    subject.start([programs["nginx"], "-p", subject.directory, "-c", subject.path("nginx.conf")], subject.port)


STARTERS = {"envoy": start_envoy, "malla": start_malla, "haproxy": start_haproxy, "nginx": start_nginx}

BACKEND = """
  default_type text/plain;
  server {{
    {listen}
    location / {{
      add_header x-backend one;
      return 200 "{small}";
    }}
    location /big {{
      # By way of itself, because a static answer would not wait for the request's body.
      client_body_buffer_size 2m;
      proxy_method GET;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_buffer_size 64k;
      proxy_buffers 32 64k;
      proxy_busy_buffers_size 1m;
      proxy_max_temp_file_size 0;
      proxy_pass http://unix:{directory}/files.sock:/big;
    }}
  }}
  server {{
    listen unix:{directory}/files.sock;
    root {directory};
  }}
  server {{
    listen 127.0.0.1:{http2} http2 backlog=4096;
    location / {{ return 200 "{small}"; }}
    location /bench.Echo/ {{
      default_type application/grpc;
      add_trailer grpc-status 0;
      return 200 "{small}";
    }}
  }}
"""


class Backend(Subject):
    """An nginx that answers by itself: 128 bytes, or at /big 1 MiB to whatever was sent; on three ports, and one for HTTP/2."""

    def __init__(self, core, directory, program):
        super().__init__("backend", core, directory)
        self.http1 = [free_port() for _ in range(3)]
        self.http2 = free_port()
        with open(self.path("big"), "wb") as out:
            out.write(b"0123456789abcdef" * 65536)
        listen = " ".join(f"listen 127.0.0.1:{port} backlog=4096;" for port in self.http1)
        content = BACKEND.format(listen=listen, small="x" * 128, directory=self.directory, http2=self.http2)
        with open(self.path("nginx.conf"), "w") as out:
            out.write(NGINX.format(directory=self.directory, content=content))
        self.start([program, "-p", self.directory, "-c", self.path("nginx.conf")], self.http1[0])

    def ports(self, scenario):
        return [self.http2] if scenario.http2 else self.http1
