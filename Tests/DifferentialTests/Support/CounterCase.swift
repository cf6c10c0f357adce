// SPDX-License-Identifier: Apache-2.0

/// What a client does, after which both proxies must have counted the same.
struct CounterCase: Sendable {
    enum Step: Sendable {
        case send([UInt8])
        /// Until the answer holds this.
        case receive(String)
        /// Until the proxy closes, or nothing comes for a while.
        case receiveAll
        /// Until this counter of the proxy has grown.
        case count(String)
    }

    var name: String
    var listener = "http"
    var steps: [Step]
    /// Counters that differ, by how their names end, and why.
    var differing: (names: [String], reason: String)?

    private static let head = "HTTP/1.1\r\nHost: a\r\n"

    private static func text(_ text: String) -> Step { .send(Array(text.utf8)) }

    /// One request, after which the proxy closes.
    private static func last(_ target: String, _ name: String, listener: String = "http") -> CounterCase {
        CounterCase(
            name: name, listener: listener, steps: [Self.text("GET \(target) \(Self.head)Connection: close\r\n\r\n"), .receiveAll])
    }

    private static func raw(_ name: String, _ text: String, listener: String = "http") -> CounterCase {
        CounterCase(name: name, listener: listener, steps: (text.isEmpty ? [] : [Self.text(text)]) + [.receiveAll])
    }

    /// The client goes when the proxy has counted what it sent.
    private static func left(_ name: String, _ text: String, when counter: String, listener: String = "http") -> CounterCase {
        CounterCase(name: name, listener: listener, steps: (text.isEmpty ? [] : [Self.text(text)]) + [.count(counter)])
    }

    private static func kept(_ name: String, _ targets: [String], listener: String = "http") -> CounterCase {
        let steps = targets.flatMap {
            [Self.text("GET \($0) \(Self.head)\r\n"), .count("\(Self.prefix(listener)).downstream_rq_completed")]
        }
        return CounterCase(name: name, listener: listener, steps: steps)
    }

    private static func prefix(_ listener: String) -> String { listener == "http" ? "http.in_gress" : "http.\(listener)" }

    private static func request(_ path: String, on stream: UInt32 = 1, ends: Bool = true) -> HTTP2Frames {
        HTTP2Frames(bare: []).head(
            [(":method", ends ? "GET" : "POST"), (":scheme", "http"), (":authority", "a"), (":path", path)], on: stream, ends: ends)
    }

    private static func frames(_ name: String, _ frames: HTTP2Frames..., until counter: String) -> CounterCase {
        var steps: [Step] = []
        for (index, part) in frames.enumerated() {
            steps.append(.send(index == 0 ? HTTP2Frames().bytes + part.bytes : part.bytes))
            steps.append(.count(index == frames.count - 1 ? counter : "cluster.up.upstream_rq_total"))
        }
        return CounterCase(name: name, steps: steps)
    }

    private func differing(_ names: String..., because reason: String) -> CounterCase {
        var changed = self
        changed.differing = (names, reason)
        return changed
    }

    private static let answered = "http.in_gress.downstream_rq_completed"
    private static let asked = "cluster.up.upstream_rq_total"

    static let all: [CounterCase] =
        [
            last("/up", "a request"), kept("three on a connection", ["/up", "/up", "/up"]), last("/nothing", "no route"),
            last("/redirect", "redirect"), last("/direct", "direct response"), last("/missing", "no cluster"),
            last("/down", "nobody listens"), last("/empty", "no endpoint"), last("/up?answer=503", "503"),
            last("/up?answer=301", "301"),
            last("/up?answer=close", "the endpoint closes"), last("/up?answer=early-hints", "103"),
            raw("a body", "POST /up \(head)Content-Length: 3\r\nConnection: close\r\n\r\nabc"),
            last("/late?answer=never", "timeout"), last("/up?answer=truncated", "cut"), last("/up?answer=nothing", "no answer"),
            last("/up?answer=garbage", "no HTTP"), last("/retry?answer=until-2-503", "a good retry"),
            last("/retry?answer=503", "no good retry"), last("/retry?answer=never", "timeouts of tries"),
            raw("an early answer", "POST /direct \(head)Content-Length: 10\r\n\r\n"),
            raw("100", "POST /up \(head)Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
            raw("a bad header", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n"), raw("a bad path", "GET /%00 \(head)\r\n"),
            raw("no host", "GET / HTTP/1.1\r\n\r\n"),
            left("half a head", "GET /up HTT", when: "http.in_gress.downstream_cx_rx_bytes_total"),
            left("no patience", "GET /up?answer=never \(head)\r\n", when: asked),
            left("half a body", "POST /up \(head)Content-Length: 10\r\n\r\nabc", when: asked),
            left("silence", "", when: "http.in_gress.downstream_cx_total"),
            CounterCase(
                name: "a WebSocket",
                steps: [
                    text("GET /up \(head)Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"), .receive("\r\n\r\n"), text("abc"),
                    .receive("abc"),
                ]
            ).differing(
                "_local", "_remote", "_active_rq", "rx_reset",
                because: "a tunnel ends half by half, here and not in Envoy: who ends it is another"),
            raw("an upgrade that is refused", "GET /up \(head)Connection: upgrade\r\nUpgrade: other\r\n\r\n"),
            raw("an upgrade without route", "GET /nothing \(head)Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
            raw("CONNECT without route", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
            last("/full", "no place to wait"),
            last("/fullrq", "no request more").differing(
                "upstream_cx_active", "upstream_cx_total", "upstream_cx_http1_total", "upstream_rq_pending_total",
                because: "Envoy looks at this limit when it has made a connection, we before"),
            kept("connections for one request", ["/spent", "/spent"]),
            CounterCase(
                name: "an idle connection to an endpoint",
                steps: [text("GET /idle \(head)\r\n"), .count("cluster.idle.upstream_cx_idle_timeout")]),
            kept("an endpoint is left out", ["/out?answer=503", "/out?answer=503"]).differing(
                "upstream_cx_active", "upstream_cx_destroy", "upstream_cx_destroy_local",
                because: "Envoy closes idle connections to an endpoint that is left out; here they wait for its return"),
        ] + http2 + timed + connections

    private static let http2: [CounterCase] = [
        frames("h2", request("/up"), until: answered),
        frames("two h2 streams", request("/up").raw(request("/up", on: 3).bytes), until: answered),
        frames(
            "an h2 stream is reset", request("/up?answer=never"), HTTP2Frames(bare: []).frame(.reset, on: 1, [0, 0, 0, 8]),
            until: "http.in_gress.downstream_rq_rx_reset"),
        frames("an early answer in h2", request("/direct", ends: false), until: answered),
        frames("no patience in h2", request("/up?answer=never"), until: asked),
        frames("an answer that is cut, in h2", request("/up?answer=truncated"), until: "http.in_gress.downstream_rq_tx_reset"),
    ]

    private static let timed: [CounterCase] = [
        raw("a slow head", "GET /up HTT", listener: "timed"),
        raw("a slow body", "POST /up \(head)Content-Length: 9\r\n\r\n", listener: "timed"),
        raw("an idle stream", "GET /up?answer=never \(head)\r\n", listener: "timed"),
        kept("requests of a connection", ["/up", "/up"], listener: "timed"),
    ]

    private static let connections: [CounterCase] = [
        raw("TCP", "GET /up?answer=close \(head)\r\n", listener: "tcp"), raw("idle TCP", "GET /up \(head)\r\n", listener: "tcp"),
        CounterCase(
            name: "TCP that the client ends", listener: "tcp", steps: [text("GET /up \(head)\r\n"), .receive("received")]),
        raw("TCP to nobody", "abc", listener: "tcpdown"), raw("TCP without endpoint", "abc", listener: "tcpnone"),
        raw("no chain", "GET / HTTP/1.1\r\n\r\n", listener: "chainless"), raw("no first byte", "", listener: "chainless"),
        left("gone before the first byte", "", when: "listener.chainlessx.downstream_pre_cx_active", listener: "chainless"),
    ]
}
