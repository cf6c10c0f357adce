// SPDX-License-Identifier: Apache-2.0

/// Requests of HTTP/1.
extension KnownDifferences {
    static let requests: [Group] = [
        Group(
            "a field of several lines goes on in as many (RFC 9110, 5.3); Envoy joins those that it knows", "200, open: body",
            [
                "forwarded: client one on the list behind another", "hops: client two lines",
            ]),
        Group(
            "a request line has exactly one space between its parts (RFC 9112, 3); what is lenient here is read in two ways by two readers",
            "200, 426, closed → 200, 400, closed",
            [
                "a good one and a bad one"
            ]),
        Group(
            "a request line has exactly one space between its parts (RFC 9112, 3); what is lenient here is read in two ways by two readers",
            "200, open → 400, closed",
            [
                "a tab before the target", "line: a blank behind the version", "line: a tab behind the version",
                "method no token \"GET\\t\"", "two spaces before the target", "two spaces behind the target",
            ]),
        Group(
            "a message with two hosts is refused (RFC 9112, 3.2), not joined by a comma", "200, open → 400, closed",
            [
                "host: a second in other letters", "host: a second that is empty", "host: an absolute target and two",
                "host: the first is empty", "two equal hosts", "two hosts",
            ]),
        Group(
            "a host is a host and a port (RFC 9110, 7.2): user names and ports that are no numbers are refused",
            "200, open → 400, closed",
            [
                "absolute target http://u:p@b.test/x", "host a.test:abc", "host a@b", "host: \":80\"", "host: \"::1\"",
                "host: \"[::1\"", "host: \"[::1]x\"", "host: \"a:+80\"", "host: \"a:-1\"", "host: \"a:80:80\"", "host: \"u:p@a\"",
                "host: an absolute target and a bad one", "host: an absolute target with users",
            ]),
        Group(
            "a request names its host also where its target does (RFC 9112, 3.2)", "200, open → 400, closed",
            [
                "host: an absolute target and none"
            ]),
        Group(
            "a request names its host also where its target does (RFC 9112, 3.2)", "404, closed → 400, closed",
            [
                "CONNECT without host"
            ]),
        Group(
            "a target may have a query and no path: the path is / (RFC 9112, 3.2.2)", "404, open → 200, open",
            [
                "absolute target http://b.test?x"
            ]),
        Group(
            "a target has a limit of its own, and an answer of its own that says so (414)", "200, open → 414, closed",
            [
                "target of 30000 letters"
            ]),
        Group(
            "a target has a limit of its own, and an answer of its own that says so (414)", "431, closed → 414, closed",
            [
                "target of 70000 letters"
            ]),
        Group(
            "lines of a request end with CRLF (RFC 9112, 2.2): a bare LF or CR is where two readers part",
            "200, 200, open → 400, closed",
            [
                "coding: a CR before the value", "coding: a CR behind", "coding: an LF before the value",
                "coding: behind CR CR LF", "coding: behind a bare LF", "length: a CR behind", "length: an LF before the value",
                "length: behind a bare LF",
            ]),
        Group(
            "lines of a request end with CRLF (RFC 9112, 2.2): a bare LF or CR is where two readers part",
            "200, 400, closed → 400, closed",
            [
                "coding: behind a bare CR", "coding: behind a bare CR, and a length", "length: behind a bare CR",
            ]),
        Group(
            "lines of a request end with CRLF (RFC 9112, 2.2): a bare LF or CR is where two readers part",
            "200, open → 400, closed",
            [
                "a bare CR in a value", "a bare LF in the head", "bare LFs", "chunks: a trailer with a bare CR",
                "chunks: a trailer with a bare LF", "host: a second behind a bare LF", "line: a CR at the end of a value",
                "line: a line ends with CR CR LF", "line: the head ends with CR LF LF", "line: the head ends with LF CR LF",
                "line: the request line ends with CR CR LF", "line: the request line ends with LF",
            ]),
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "200, 200, open → 400, closed",
            [
                "coding: a fold of nothing", "length: a fold before", "length: a fold of nothing",
                "smuggling: a fold in the coding",
            ]),
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "200, 400, closed → 400, closed",
            [
                "smuggling: the length behind a fold"
            ]),
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "200, open → 400, closed",
            [
                "a fold", "a fold by tab", "chunks: a trailer with a fold", "line: a line of a blank",
            ]),
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "501, closed → 400, closed",
            [
                "coding: a fold behind", "coding: a fold within",
            ]),
        Group(
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle", "200, open → 400, closed",
            [
                "chunk: a bare LF behind the data", "chunk: a space behind the size", "chunk: too much data",
                "chunks: a blank behind the last chunk", "chunks: a tab behind the size", "chunks: an extension with NUL",
                "chunks: an extension with a line in quotes", "chunks: the end is an LF",
            ]),
        Group(
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle", "open → 400, closed",
            [
                "chunk: the largest size", "chunks: a size of -1 in 64 bits", "chunks: a size of 2^63",
            ]),
        Group(
            "HTTP/1.0 knows no chunks (RFC 9112, 6.1): a sender that uses them there is not understood by all",
            "200, closed → 400, closed",
            [
                "options: HTTP/1.0 chunked"
            ]),
        Group(
            "what frames, routes or identifies a request cannot be named away by connection", "200, 200, open: body",
            [
                "smuggling: a length named in connection"
            ]),
        Group(
            "what frames, routes or identifies a request cannot be named away by connection", "200, open: body",
            [
                "hop by hop \"Connection: authorization\\r\\nAuthorization: x\"",
                "hop by hop \"Connection: cookie\\r\\nCookie: a=1\"",
            ]),
        Group(
            "what frames, routes or identifies a request cannot be named away by connection", "400, closed → 200, open",
            [
                "hop by hop \"Connection: :authority\"", "hop by hop \"Connection: host\"",
                "hop by hop \"Connection: x-forwarded-proto\"",
            ]),
        Group(
            "an upstream may answer instead of switching (RFC 9110, 7.8): its answer is passed on whole",
            "200, closed: head and body",
            [
                "options: a request behind an upgrade that was refused", "options: upgrade refused by the upstream",
            ]),
        Group(
            "a method is any token (RFC 9110, 9.1); Envoy's parser has a list", "400, closed → 200, open",
            [
                "method FOO", "method FOO with a body", "method M-SEARCH",
            ]),
        Group(
            "trailers are forwarded; Envoy drops them unless enable_trailers is set", "200, open: body",
            [
                "trailers"
            ]),
        Group(
            "what sidecars say of themselves does not come from callers", "200, open: body",
            [
                "options: forwarded X-Envoy-Peer-Metadata: x", "forwarded X-Envoy-Peer-Metadata: x",
            ]),
        Group(
            "credentials for a proxy end at the proxy (RFC 9110, 11.7.2)", "200, open: body",
            [
                "hop by hop \"Proxy-Authorization: x\""
            ]),
        Group(
            "an abort with a status of gRPC is an answer of gRPC, whoever asked", "200, open: head and body",
            [
                "ruled: gRPC abort of plain HTTP"
            ]),
        Group(
            "merged slashes are one slash, also where nothing else is", "200, open: body",
            [
                "options: target //, normalized", "unescaping: doubtful /%2F",
            ]),
        Group(
            "merged slashes are one slash, also where nothing else is", "307, open: head",
            [
                "redirecting: doubtful /%2F"
            ]),
        Group(
            "values of an answer's headers see it as it leaves, with its status and type (Envoy: 0, and no type, of its own answers)",
            "503, open: head",
            ["refusing", "redirecting", "unescaping", "external"].map { "\($0): told of nobody" }),
        Group(
            "values of an answer's headers see it as it leaves, with its status and type (Envoy: 0, and no type, of its own answers)",
            "203, open: head",
            ["refusing", "redirecting", "unescaping", "external"].map { "\($0): told without an upstream" }),
        Group(
            "a chunk's line has a limit, its size at most 15 digits and no blanks behind it, also where RFC 9112, 7.1.1 forgives them",
            "200, open → 400, closed",
            [
                "chunks: a blank before an extension", "chunks: a long extension", "chunks: a size of many zeros",
            ]),
        Group(
            "a coding that we do not know is answered by 501 (RFC 9112, 6.1), whatever else is wrong",
            "200, 200, open → 501, closed",
            [
                "coding: an empty line before"
            ]),
        Group(
            "a coding that we do not know is answered by 501 (RFC 9112, 6.1), whatever else is wrong",
            "200, 400, closed → 501, closed",
            [
                "coding: an empty line behind"
            ]),
        Group(
            "a coding that we do not know is answered by 501 (RFC 9112, 6.1), whatever else is wrong", "400, closed → 501, closed",
            [
                "coding: an empty line before, and a length", "coding: an empty line behind, and a length",
                "coding: an unknown line before, and a length", "coding: an unknown line behind, and a length",
                "coding: gzip before, and a length", "coding: identity before, and a length",
                "coding: twice in other letters, and a length",
            ]),
        Group(
            "a length has at most 18 digits", "200, closed → 400, closed",
            [
                "length: 2^63"
            ]),
        Group(
            "a request that cannot be read is answered as HTTP/1.1, which is what we speak (RFC 9110, 6.2)",
            "400, closed: status line",
            [
                "options: HTTP/1.0 with coding and length"
            ]),
        Group(
            "a request with a body asks for no upgrade: what follows would be a body to one reader and a tunnel to another",
            "101, then 0, open → 200, 200, open",
            [
                "options: a request behind an upgrade in chunks"
            ]),
        Group(
            "a request with a body asks for no upgrade: what follows would be a body to one reader and a tunnel to another",
            "open → 200, 200, open",
            [
                "options: a request behind an upgrade with a body"
            ]),
        Group(
            "a target has no fragment (RFC 9112, 3.2): both refuse it, Envoy where it looks for the host",
            "400, closed: head and body",
            [
                "host: an absolute target with a fragment"
            ]),
        Group(
            "an expectation that stands twice is one (RFC 9110, 10.1.1)", "200, open → 100, 200, open",
            [
                "body behind two expects"
            ]),
        Group(
            "each direction of a tunnel may end before the other: what was sent before the end is answered",
            "101, closed → 101, then ping, closed",
            [
                "options: an upgrade, then the end"
            ]),
        Group(
            "one or two empty lines before a request are forgiven (RFC 9112, 2.2), no more, and no others",
            "200, open → 400, closed",
            [
                "line: a CR before", "line: bare LFs before", "line: many empty lines before",
            ]),
        Group(
            "trailers have the limits of heads; Envoy throws them away", "200, open → 431, closed",
            [
                "chunks: 200 trailers"
            ]),
    ]
}
