// SPDX-License-Identifier: Apache-2.0

/// Where malla-proxy does something else than Envoy, and why it stays so. A case that is listed must differ.
enum KnownDifferences {
    static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        for (reason, names) in Self.byReason { for name in names { reasons["plain: \(name)"] = reason } }
        return reasons
    }()

    private static let byReason: [(reason: String, names: [String])] = [
        (
            "a request line has exactly one space between its parts (RFC 9112, 3); what is lenient here is read in two ways by two readers",
            [
                "two spaces before the target", "two spaces behind the target", "a tab before the target",
                "method no token \"GET\\t\"",
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
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it",
            ["smuggling: the length behind a fold", "smuggling: a fold in the coding", "broken answer fold"]
        ),
        (
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle",
            ["chunk: a space behind the size", "chunk: a bare LF behind the data", "chunk: too much data"]
        ),
        (
            "lines of an answer end with CRLF, and its version is one of HTTP/1",
            ["broken answer bare-lf", "broken answer bad-version"]
        ),
        (
            "a method is any token (RFC 9110, 9.1); Envoy's parser has a list",
            ["method FOO", "method FOO with a body", "method M-SEARCH"]
        ),
        (
            "trailers are forwarded; Envoy drops them unless enable_trailers is set",
            ["trailers", "answer trailers"]
        ),
        (
            "what sidecars say of themselves does not come from callers",
            ["forwarded X-Envoy-Peer-Metadata: x"]
        ),
        (
            "credentials for a proxy end at the proxy (RFC 9110, 11.7.2)",
            ["hop by hop \"Proxy-Authorization: x\""]
        ),
    ]
}
