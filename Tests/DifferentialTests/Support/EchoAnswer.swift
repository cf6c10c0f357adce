// SPDX-License-Identifier: Apache-2.0

/// What the upstream says to a request.
struct EchoAnswer {
    var bytes: [UInt8]
    var closes = false
    var isTunnel = false

    private init(_ text: String, closes: Bool = false, isTunnel: Bool = false) {
        self.bytes = Array(text.utf8)
        self.closes = closes
        self.isTunnel = isTunnel
    }

    static func to(_ request: EchoRequest) -> EchoAnswer {
        if request.method == "CONNECT" { return EchoAnswer("HTTP/1.1 200 OK\r\n\r\n", isTunnel: true) }
        if request.has("upgrade"), request.answer != "refuse" {
            return EchoAnswer(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\nx-up: 1\r\n\r\n", isTunnel: true)
        }
        var name = request.answer
        if name == "never" { return EchoAnswer("") }
        if let later = Self.later(name, attempt: request.attempt) { name = later }
        if let fixed = Self.fixed[name] ?? Self.ambiguous[name] { return EchoAnswer(fixed, closes: Self.closing.contains(name)) }
        let echo = Self.echo(request)
        let length = "content-length: \(echo.utf8.count)\r\n"
        let body = request.method == "HEAD" ? "" : echo
        switch name {
        case "chunked": return EchoAnswer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(Self.chunk(echo))0\r\n\r\n")
        case "trailers":
            return EchoAnswer(
                "HTTP/1.1 200 OK\r\ntrailer: x-t\r\ntransfer-encoding: chunked\r\n\r\n\(Self.chunk(echo))0\r\nx-t: 1\r\n\r\n")
        case "until-close": return EchoAnswer("HTTP/1.1 200 OK\r\n\r\n\(body)", closes: true)
        case "http10": return EchoAnswer("HTTP/1.0 200 OK\r\n\(length)\r\n\(body)", closes: true)
        case "close": return EchoAnswer("HTTP/1.1 200 OK\r\nconnection: close\r\n\(length)\r\n\(body)", closes: true)
        case "early-hints":
            return EchoAnswer("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\(length)\r\n\(body)")
        case "continue": return EchoAnswer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\(length)\r\n\(body)")
        default: return EchoAnswer("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\(length)\r\n\(body)")
        }
    }

    /// Of `until-N-NAME`: the name for attempts before the Nth, nothing special from it on.
    private static func later(_ name: String, attempt: Int) -> String? {
        let parts = name.split(separator: "-", maxSplits: 2)
        guard parts.count == 3, parts[0] == "until", let last = Int(parts[1]) else { return nil }
        return attempt < last ? String(parts[2]) : ""
    }

    private static func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    private static func echo(_ request: EchoRequest) -> String {
        EchoUpstream.mark + "\n" + request.lines.joined(separator: "\n") + "\n\n" + String(decoding: request.body, as: UTF8.self)
            + request.trailers.map { "\n(trailer) \($0)" }.joined()
    }

    private static let closing: Set<String> = ["truncated", "nothing", "half-head", "truncated-chunk", "garbage"]

    /// Answers that do not depend on the request: odd ones and broken ones.
    static let fixed: [String: String] = [
        "204": "HTTP/1.1 204 No Content\r\nx-a: 1\r\n\r\n",
        "204-length": "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
        "205": "HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n",
        "304": "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n",
        "304-length": "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\netag: \"x\"\r\n\r\n",
        "301": "HTTP/1.1 301 Moved Permanently\r\nlocation: http://b.test/\r\ncontent-length: 0\r\n\r\n",
        "404": "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\ngone",
        "500": "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\nno",
        "503": "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
        "409": "HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n",
        "418": "HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\n\r\n",
        "502": "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "again": "HTTP/1.1 400 Bad Request\r\nx-again: 1\r\ncontent-length: 0\r\n\r\n",
        "ratelimited": "HTTP/1.1 429 Too Many Requests\r\nx-envoy-ratelimited: true\r\ncontent-length: 0\r\n\r\n",
        "599": "HTTP/1.1 599 Odd\r\ncontent-length: 0\r\n\r\n",
        "999": "HTTP/1.1 999 Odder\r\ncontent-length: 0\r\n\r\n",
        "reason": "HTTP/1.1 200 Quite Fine\r\ncontent-length: 0\r\n\r\n",
        "no-reason": "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n",
        "no-reason-space": "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n",
        "hop": "HTTP/1.1 200 OK\r\nconnection: x-hop, keep-alive\r\nx-hop: 1\r\nkeep-alive: timeout=5\r\n"
            + "proxy-connection: keep-alive\r\ncontent-length: 0\r\n\r\n",
        "server": "HTTP/1.1 200 OK\r\nserver: apache\r\ncontent-length: 0\r\n\r\n",
        "date": "HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: 0\r\n\r\n",
        "cookies": "HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n",
        "same-twice": "HTTP/1.1 200 OK\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n",
        "empty-value": "HTTP/1.1 200 OK\r\nx-a:\r\ncontent-length: 0\r\n\r\n",
        "via": "HTTP/1.1 200 OK\r\nvia: 1.1 other\r\ncontent-length: 0\r\n\r\n",
        "envoy-headers": "HTTP/1.1 200 OK\r\nx-envoy-upstream-service-time: 7\r\nx-envoy-foo: 1\r\ncontent-length: 0\r\n\r\n",
        "upper": "HTTP/1.1 200 OK\r\nX-UPPER: 1\r\nContent-Length: 0\r\n\r\n",
        "two-equal-lengths": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nab",
        "two-lengths": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc",
        "list-length": "HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nab",
        "signed-length": "HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nab",
        "both-lengths": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "unknown-coding": "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nab",
        "bare-lf": "HTTP/1.1 200 OK\nx-a: 1\ncontent-length: 0\n\n\r\n\r\n",
        "space-colon": "HTTP/1.1 200 OK\r\nx-a : 1\r\ncontent-length: 0\r\n\r\n",
        "fold": "HTTP/1.1 200 OK\r\nx-a: 1\r\n 2\r\ncontent-length: 0\r\n\r\n",
        "no-colon": "HTTP/1.1 200 OK\r\nnonsense\r\ncontent-length: 0\r\n\r\n",
        "bad-status": "HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n",
        "bad-version": "HTTP/3.9 200 OK\r\ncontent-length: 0\r\n\r\n",
        "garbage": "nothing that is HTTP\r\n\r\n",
        "nothing": "",
        "half-head": "HTTP/1.1 200 OK\r\nx-a",
        "truncated": "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
        "truncated-chunk": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nshort",
        "bad-chunk": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        "surplus": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabEXTRA",
        "unasked-101": "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ]
}
