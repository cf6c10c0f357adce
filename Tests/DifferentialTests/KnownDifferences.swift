// SPDX-License-Identifier: Apache-2.0

/// Where malla-proxy does something else than Envoy, and why it stays so. A case that is listed must differ.
enum KnownDifferences {
    static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        for (reason, names) in Self.byReason {
            // Without a listener it is `plain`.
            for name in names { reasons[Self.listeners.contains { name.hasPrefix($0) } ? name : "plain: \(name)"] = reason }
        }
        return reasons
    }()

    /// Kinds of differences of HTTP/2, which many cases show.
    static func isKnown(_ envoy: Outcome, _ malla: Outcome) -> Bool {
        guard envoy.isClosed, envoy.responses.isEmpty, envoy.rest.isEmpty else { return false }
        // A connection that ends is told why (RFC 9113, 5.4.1); Envoy often only closes it.
        if malla.isClosed { return malla.responses.isEmpty && malla.rest.hasPrefix("goaway ") }
        // A malformed message ends its stream (RFC 9113, 8.1.1); Envoy ends the connection with all streams of it.
        return malla.rest.isEmpty && malla.responses.map(\.statusLine) == ["stream 1:  reset 1"]
    }

    private static let listeners = DifferentialCase.Listener.allCases.map { "\($0.rawValue): " }

    private static let byReason: [(reason: String, names: [String])] = [
        (
            "a field of several lines goes on in as many (RFC 9110, 5.3); Envoy joins those that it knows",
            ["forwarded: client one on the list behind another", "hops: client two lines"]
        ),
        (
            "a request line has exactly one space between its parts (RFC 9112, 3); what is lenient here is read in two ways by two readers",
            [
                "two spaces before the target", "two spaces behind the target", "a tab before the target",
                "method no token \"GET\\t\"", "a good one and a bad one",
            ]
        ),
        (
            "a message with two hosts is refused (RFC 9112, 3.2), not joined by a comma",
            ["two hosts", "two equal hosts"]
        ),
        (
            "a host is a host and a port (RFC 9110, 7.2): user names and ports that are no numbers are refused",
            ["host a.test:abc", "host a@b", "absolute target http://u:p@b.test/x"]
        ),
        (
            "a request names its host also where its target does (RFC 9112, 3.2)",
            ["CONNECT without host"]
        ),
        (
            "a target may have a query and no path: the path is / (RFC 9112, 3.2.2)",
            ["absolute target http://b.test?x"]
        ),
        (
            "a target has a limit of its own, and an answer of its own that says so (414)",
            ["target of 30000 letters", "target of 70000 letters"]
        ),
        (
            "lines of a request end with CRLF (RFC 9112, 2.2): a bare LF or CR is where two readers part",
            ["bare LFs", "a bare LF in the head", "a bare CR in a value"]
        ),
        (
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it",
            [
                "smuggling: the length behind a fold", "smuggling: a fold in the coding", "broken answer fold", "a fold",
                "a fold by tab",
            ]
        ),
        (
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle",
            [
                "chunk: a space behind the size", "chunk: a bare LF behind the data", "chunk: too much data",
                "chunk: the largest size",
            ]
        ),
        (
            "HTTP/1.0 knows no chunks (RFC 9112, 6.1): a sender that uses them there is not understood by all",
            ["options: HTTP/1.0 chunked"]
        ),
        (
            "what frames, routes or identifies a request cannot be named away by connection",
            [
                "smuggling: a length named in connection", "hop by hop \"Connection: host\"",
                "hop by hop \"Connection: :authority\"",
                "hop by hop \"Connection: x-forwarded-proto\"", "hop by hop \"Connection: cookie\\r\\nCookie: a=1\"",
                "hop by hop \"Connection: authorization\\r\\nAuthorization: x\"",
            ]
        ),
        (
            "what connection names in an answer is for this connection too (RFC 9110, 7.6.1)",
            ["answer hop", "options: answer hop with options", "guarded: answer hop guarded"]
        ),
        (
            "lines of an answer end with CRLF, and its version is one of HTTP/1",
            ["broken answer bare-lf", "broken answer bad-version"]
        ),
        (
            "an upstream that switches to a protocol nobody asked for is broken (RFC 9110, 15.2.2): 502",
            ["broken answer unasked-101"]
        ),
        (
            "an upstream may answer instead of switching (RFC 9110, 7.8): its answer is passed on whole",
            ["options: upgrade refused by the upstream"]
        ),
        (
            "a method is any token (RFC 9110, 9.1); Envoy's parser has a list",
            ["method FOO", "method FOO with a body", "method M-SEARCH"]
        ),
        (
            "trailers are forwarded; Envoy drops them unless enable_trailers is set",
            ["trailers", "answer trailers", "options: answer trailers with options"]
        ),
        (
            "what sidecars say of themselves does not come from callers",
            ["forwarded X-Envoy-Peer-Metadata: x", "options: forwarded X-Envoy-Peer-Metadata: x"]
        ),
        (
            "credentials for a proxy end at the proxy (RFC 9110, 11.7.2)",
            ["hop by hop \"Proxy-Authorization: x\""]
        ),
        (
            "a head that is too large is answered by 431, also on HTTP/2",
            [
                "h2: 150 fields", "guarded: h2: more fields than the guard lets through",
                "guarded: h2: more bytes than the guard lets through",
            ]
        ),
        (
            "what HTTP has an answer for gets it, and the connection of HTTP/2 goes on",
            ["h2: authority \"\"", "h2: no authority", "h2: extended CONNECT", "h2: extended CONNECT in order"]
        ),
        (
            "trailers are forwarded, without what must not stand in them (RFC 9110, 6.5.1)",
            ["h2: trailers", "h2: trailers and no body", "h2: trailers with a length", "h2: answer trailers"]
        ),
        (
            "as on HTTP/1: what connection names is not passed on, a switch that nobody asked for is a failure",
            [
                "h2: answer hop", "h2: broken answer unasked-101",
                "h2: field \"http2-settings\": \"AAMAAABkAAQCAAAAAAIAAAAA\"",
            ]
        ),
        (
            "as on HTTP/1: one host, which is a host and a port, methods in capitals, targets of RFC 3986, http or https",
            [
                "h2: a host and another authority", "h2: authority \"a.test:abc\"", "h2: method \"get\"", "h2: path \"/a#b\"",
                "h2: path \"/é\"", "h2: scheme foo",
            ]
        ),
        (
            "a value does not begin or end with blanks (RFC 9113, 8.2.1)",
            ["h2: field \"x-a\": \" 1 \""]
        ),
        (
            "a client that says goodbye is let go when its streams are over",
            ["h2: goaway"]
        ),
        (
            "as on HTTP/1 upstreams: trailers are passed on, a method is any token",
            [
                "upward: answer trailers", "upward: method FOO",
            ]
        ),
        (
            "an abort with a status of gRPC is an answer of gRPC, whoever asked",
            ["ruled: gRPC abort of plain HTTP"]
        ),
        (
            "merged slashes are one slash, also where nothing else is",
            ["options: target //, normalized"]
        ),
    ]
}
