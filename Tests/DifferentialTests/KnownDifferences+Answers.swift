// SPDX-License-Identifier: Apache-2.0

/// Answers of upstreams to requests of HTTP/1, and upstreams of HTTP/2.
extension KnownDifferences {
    static let answers: [Group] = [
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "200, open → 502, open",
            [
                "ambiguous answer coding-fold", "ambiguous answer length-fold", "broken answer fold",
            ]),
        Group(
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle", "200, open → 200 cut off, closed",
            [
                "ambiguous answer chunk-blank", "ambiguous answer chunk-too-long",
            ]),
        Group(
            "HTTP/1.0 knows no chunks (RFC 9112, 6.1): a sender that uses them there is not understood by all",
            "200, open → 502, open",
            [
                "ambiguous answer coding-http10"
            ]),
        Group(
            "what connection names in an answer is for this connection too (RFC 9110, 7.6.1)", "200, open: head",
            [
                "guarded: answer hop guarded", "options: answer hop with options", "answer hop",
            ]),
        Group(
            "lines of an answer end with CRLF, and its version is one of HTTP/1", "200 cut off, open → 502, open",
            [
                "ambiguous answer coding-bare-cr"
            ]),
        Group(
            "lines of an answer end with CRLF, and its version is one of HTTP/1", "200, open → 502, open",
            [
                "ambiguous answer coding-bare-lf", "ambiguous answer reason-cr", "ambiguous answer value-bare-cr",
                "ambiguous answer value-bare-lf", "broken answer bad-version", "broken answer bare-lf",
            ]),
        Group(
            "an upstream that switches to a protocol nobody asked for is broken (RFC 9110, 15.2.2): 502", "101, open → 502, open",
            [
                "broken answer unasked-101"
            ]),
        Group(
            "trailers are forwarded; Envoy drops them unless enable_trailers is set", "200, open: body",
            [
                "options: answer trailers with options", "answer trailers",
            ]),
        Group(
            "trailers are forwarded, without what must not stand in them (RFC 9110, 6.5.1)", "200 cut off, closed → 200, open",
            [
                "ending: frames trailers-length"
            ]),
        Group(
            "a value does not begin or end with blanks (RFC 9113, 8.2.1)", "200, open → 502, open",
            [
                "ending: frames value-blanks"
            ]),
        Group(
            "as on HTTP/1 upstreams: trailers are passed on, a method is any token", "200, open: body",
            [
                "upward: answer trailers"
            ]),
        Group(
            "as on HTTP/1 upstreams: trailers are passed on, a method is any token", "400, closed → 200, open",
            [
                "upward: method FOO"
            ]),
        Group(
            "a 204 has no body, whatever it says (RFC 9112, 6.3): it is passed on, and the connection that it came by is closed",
            "502, open → 204, open",
            [
                "ending: frames 204-length", "ambiguous answer coding-204", "ambiguous answer length-204",
            ]),
        Group(
            "a push that was not allowed ends the connection (RFC 9113, 8.4), and whoever waits for an answer is told",
            "open → 502, open",
            [
                "ending: frames push"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "0, open → 502, open",
            [
                "ending: frames status-zero", "ambiguous answer status-zero",
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "20, open → 502, open",
            [
                "ambiguous answer status-two-digits"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "200, open → 502, open",
            [
                "ambiguous answer status-two-blanks"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "2000, open → 502, open",
            [
                "ambiguous answer status-four-digits"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "99, open → 502, open",
            [
                "ending: frames status-099"
            ]),
        Group(
            "what has come of a body is passed on before the connection tells that there is no more", "200 cut off, closed: body",
            [
                "ending: frames length-too-long"
            ]),
    ]
}
