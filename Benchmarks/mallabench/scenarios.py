# SPDX-License-Identifier: Apache-2.0
"""What is measured: each scenario's configuration, load, and the ratio to Envoy that issue 3 asks for."""

from . import bootstraps as b

SMALL_CHAIN = "the sidecar's whole chain"
BIG_POST = """
wrk.method = "POST"
wrk.path = "/big"
wrk.body = string.rep("0123456789abcdef", 65536)
"""


class Scenario:
    kind = "throughput"
    hops = 1
    tls = False
    http2 = False
    bodies = False
    connections = 64
    headers = ()
    script = None
    #: What h2load sends.
    body = None
    path = ""
    rate = None
    subjects = ("malla", "envoy")
    #: At most this share of Envoy's CPU time for a request (for kind "memory": of its memory).
    target = None
    target_haproxy = None
    #: Where `openssl` wrote certificates; set before `configure`.
    directory = ""

    def url(self, port):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{port}/{self.path}"

    def configure(self, hop, port, target, log):
        """(listener, clusters) of a bootstrap for one hop; `target` are the ports of the next one or of the backend."""
        raise NotImplementedError


class Plain(Scenario):
    name = "http1"
    title = "HTTP/1.1 keep-alive, 64 connections, 128-byte answer"
    subjects = ("malla", "envoy", "haproxy", "nginx")
    target = 0.30
    target_haproxy = 1.6

    def configure(self, hop, port, target, log):
        return b.listener("in", port, [b.plain_host("out")]), [b.cluster("out", target)]


class Chain(Scenario):
    name = "chain"
    title = "the same through a sidecar's whole chain"
    target = 0.30
    hosts = 50
    headers = (
        f"Host: {b.service(25)}:8080", "x-version: v3", "x-caller: caller-9", "User-Agent: bench/1.0", "Accept: */*",
        "Accept-Encoding: gzip", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )

    def configure(self, hop, port, target, log):
        hosts = [b.service_host(number, b.cluster_name(number), 8080) for number in range(self.hosts)]
        clusters = [b.cluster(b.cluster_name(number), target, whole_chain=True) for number in range(self.hosts)]
        return b.listener("in", port, hosts, [b.authorization()], log, "destination"), clusters


class MutualTLS(Chain):
    name = "mtls"
    title = "two hops with mutual TLS and the whole chain"
    hops = 2
    target = 0.35

    def configure(self, hop, port, target, log):
        if hop == 1:
            hosts = [b.service_host(25, "inbound|8080||", 8080)]
            rules = b.authorization(b.SPIFFE + "client")
            tls = b.server_tls(self.directory, mutual=True)
            return (
                b.listener("in", port, hosts, [rules], log, "destination", tls=tls),
                [b.cluster("inbound|8080||", target, whole_chain=True)],
            )
        hosts = [b.service_host(number, b.cluster_name(number), 8080) for number in range(self.hosts)]
        tls = b.client_tls(self.directory)
        clusters = [b.cluster(b.cluster_name(number), target, whole_chain=True, tls=tls) for number in range(self.hosts)]
        return b.listener("out", port, hosts, [b.authorization()], log, "source"), clusters


class Bodies(Plain):
    name = "bodies"
    title = "1 MiB bodies both ways, 16 connections"
    bodies = True
    connections = 16
    script = BIG_POST
    target = 0.80
    target_haproxy = None


class NewTLS(Plain):
    name = "tls-new"
    title = "a new TLS connection for each request, 16 at a time"
    tls = True
    connections = 16
    headers = ("Connection: close",)
    target = 0.90
    target_haproxy = None

    def configure(self, hop, port, target, log):
        tls = b.server_tls(self.directory, mutual=False)
        return b.listener("in", port, [b.plain_host("out")], tls=tls), [b.cluster("out", target)]


class Hosts(Chain):
    title = "virtual hosts"

    def __init__(self, hosts):
        self.hosts = hosts
        self.name = f"hosts-{hosts}"
        self.title = f"{hosts} virtual hosts of five routes"
        self.target = None
        middle = hosts // 2
        self.headers = (f"Host: {b.service(middle)}:8080", "x-version: v3")

    def configure(self, hop, port, target, log):
        hosts = [b.service_host(number, "out", 8080) for number in range(self.hosts)]
        return b.listener("in", port, hosts), [b.cluster("out", target)]


class HTTP2(Plain):
    name = "http2"
    title = "HTTP/2 without TLS on both sides, 8 connections of 16 streams"
    http2 = True
    connections = 8
    streams = 16
    subjects = ("malla", "envoy")
    target = 0.50
    target_haproxy = None

    def configure(self, hop, port, target, log):
        return b.listener("in", port, [b.plain_host("out")], codec="HTTP2"), [b.cluster("out", target, http2=True)]


class GRPC(HTTP2):
    name = "grpc"
    title = "gRPC unary, 8 connections of 16 streams"
    path = "bench.Echo/Unary"
    headers = ("content-type: application/grpc", "te: trailers", "grpc-timeout: 1S")
    #: A message of 32 bytes behind its five of framing.
    body = b"\0\0\0\0\x20" + b"x" * 32


class Latency(Chain):
    name = "latency"
    title = "the whole chain at 2,000 requests a second: p99"
    kind = "latency"
    rate = 2000
    connections = 40
    target = None


class Memory(Chain):
    name = "memory"
    title = "memory with the whole chain's configuration"
    kind = "memory"
    connections = 1000
    target = 0.40


ALL = [Plain(), Chain(), MutualTLS(), HTTP2(), GRPC(), Bodies(), NewTLS(), Hosts(10), Hosts(1000), Latency(), Memory()]
