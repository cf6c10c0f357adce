// SPDX-License-Identifier: Apache-2.0

/// Requests of HTTP/2, and what they are answered.
extension KnownDifferences {
    static let http2: [Group] = [
        Group(
            "a host is a host and a port (RFC 9110, 7.2): user names and ports that are no numbers are refused",
            "200 end, open → reset 1, open",
            [
                "h2: host: \":80\"", "h2: host: \"::1\"", "h2: host: \"[::1\"", "h2: host: \"[::1]x\"", "h2: host: \"a:+80\"",
                "h2: host: \"a:-1\"", "h2: host: \"a:80:80\"",
            ]),
        Group(
            "a folded line is refused (RFC 9112, 5.2), because not every reader unfolds it", "200 end, open → 502 end, open",
            [
                "h2: ambiguous answer coding-fold", "h2: ambiguous answer length-fold",
            ]),
        Group(
            "chunks are read as RFC 9112, 7.1 writes them; leniency is a way to smuggle", "200 end, open → 200 reset 2, open",
            [
                "h2: ambiguous answer chunk-blank", "h2: ambiguous answer chunk-too-long",
            ]),
        Group(
            "HTTP/1.0 knows no chunks (RFC 9112, 6.1): a sender that uses them there is not understood by all",
            "200 end, open → 502 end, open",
            [
                "h2: ambiguous answer coding-http10"
            ]),
        Group(
            "lines of an answer end with CRLF, and its version is one of HTTP/1", "200 end, open → 502 end, open",
            [
                "h2: ambiguous answer coding-bare-lf", "h2: ambiguous answer reason-cr", "h2: ambiguous answer value-bare-cr",
                "h2: ambiguous answer value-bare-lf",
            ]),
        Group(
            "lines of an answer end with CRLF, and its version is one of HTTP/1", "200 open, open → 502 end, open",
            [
                "h2: ambiguous answer coding-bare-cr"
            ]),
        Group(
            "a head that is too large is answered by 431, also on HTTP/2", "reset 2, open → 431 end, open",
            [
                "guarded: h2: more bytes than the guard lets through", "guarded: h2: more fields than the guard lets through",
                "h2: 150 fields",
            ]),
        Group(
            "what HTTP has an answer for gets it, and the connection of HTTP/2 goes on", "closed → 400 end, open",
            [
                "h2: authority \"\"", "h2: no authority",
            ]),
        Group(
            "what HTTP has an answer for gets it, and the connection of HTTP/2 goes on", "closed → reset 1, open",
            [
                "h2: extended CONNECT", "h2: extended CONNECT in order",
            ]),
        Group(
            "trailers are forwarded, without what must not stand in them (RFC 9110, 6.5.1)", "200 end, open: body",
            [
                "h2: answer trailers", "h2: trailers", "h2: trailers and no body",
            ]),
        Group(
            "trailers are forwarded, without what must not stand in them (RFC 9110, 6.5.1)", "200 reset 2, open → 200 end, open",
            [
                "ending: h2: frames trailers-length"
            ]),
        Group(
            "trailers are forwarded, without what must not stand in them (RFC 9110, 6.5.1)", "closed → 200 end, open",
            [
                "h2: trailers with a length"
            ]),
        Group(
            "as on HTTP/1: what connection names is not passed on, a switch that nobody asked for is a failure",
            "101 end, open → 502 end, open",
            [
                "h2: broken answer unasked-101"
            ]),
        Group(
            "as on HTTP/1: what connection names is not passed on, a switch that nobody asked for is a failure",
            "200 end, open: body",
            [
                "h2: field \"http2-settings\": \"AAMAAABkAAQCAAAAAAIAAAAA\""
            ]),
        Group(
            "as on HTTP/1: what connection names is not passed on, a switch that nobody asked for is a failure",
            "200 end, open: head",
            [
                "h2: answer hop"
            ]),
        Group(
            "as on HTTP/1: one host, which is a host and a port, methods in capitals, targets of RFC 3986, http or https",
            "200 end, open → reset 1, open",
            [
                "h2: a host and another authority", "h2: authority \"a.test:abc\"", "h2: method \"get\"", "h2: path \"/é\"",
                "h2: scheme foo",
            ]),
        Group(
            "as on HTTP/1: one host, which is a host and a port, methods in capitals, targets of RFC 3986, http or https",
            "400 end, open → reset 1, open",
            [
                "h2: path \"/a#b\""
            ]),
        Group(
            "a value does not begin or end with blanks (RFC 9113, 8.2.1)", "200 end, open → 502 end, open",
            [
                "ending: h2: frames value-blanks"
            ]),
        Group(
            "a value does not begin or end with blanks (RFC 9113, 8.2.1)", "200 end, open → reset 1, open",
            [
                "h2: field \"x-a\": \" 1 \""
            ]),
        Group(
            "a client that says goodbye is let go when its streams are over", "200 end, open → 200 end, then goaway 0, closed",
            [
                "h2: goaway"
            ]),
        Group(
            "a 204 has no body, whatever it says (RFC 9112, 6.3): it is passed on, and the connection that it came by is closed",
            "502 end, open → 204 end, open",
            [
                "ending: h2: frames 204-length", "h2: ambiguous answer coding-204", "h2: ambiguous answer length-204",
            ]),
        Group(
            "a connection that ends is told why (RFC 9113, 5.4.1); Envoy only closes it", "closed → then goaway 1, closed",
            [
                "h2: a frame size too small", "h2: a ping on a stream", "h2: a push setting of two", "h2: a window of zero",
                "h2: an even stream", "h2: goaway on a stream", "h2: push promise by a client", "h2: reset of an idle stream",
                "h2: settings on a stream", "h2: stream zero", "h2: window of an idle stream",
            ]),
        Group(
            "a connection that ends is told why (RFC 9113, 5.4.1); Envoy only closes it", "closed → then goaway 3, closed",
            [
                "h2: a window beyond its limit", "h2: a window setting beyond its limit",
            ]),
        Group(
            "a connection that ends is told why (RFC 9113, 5.4.1); Envoy only closes it", "closed → then goaway 5, closed",
            [
                "h2: a head behind the end"
            ]),
        Group(
            "a malformed message ends its stream (RFC 9113, 8.1.1); Envoy ends the connection with all streams of it",
            "closed → reset 1, open",
            [
                "h2: CONNECT with a path", "h2: a chunk in the body and a coding", "h2: a length and no body",
                "h2: a pseudo field behind a field", "h2: a signed length", "h2: a status in a request",
                "h2: a window of zero on a stream", "h2: an unknown pseudo field", "h2: authority \"a b\"",
                "h2: authority \"a/b\"", "h2: authority \"a@b\"", "h2: authority \"u:p@a\"", "h2: authority \"é\"",
                "h2: field \"\": \"1\"", "h2: field \"X-A\": \"1\"", "h2: field \"connection\": \"close\"",
                "h2: field \"connection\": \"keep-alive\"", "h2: field \"content-length\": \"-1\"",
                "h2: field \"content-length\": \"5\"", "h2: field \"content-length\": \"a\"",
                "h2: field \"host\": \"a.test\\r\\nx: 1\"", "h2: field \"keep-alive\": \"timeout=5\"",
                "h2: field \"proxy-connection\": \"close\"", "h2: field \"te\": \"gzip\"", "h2: field \"te\": \"trailers, gzip\"",
                "h2: field \"transfer-encoding\": \"chunked\"", "h2: field \"transfer-encoding\": \"identity\"",
                "h2: field \"upgrade\": \"websocket\"", "h2: field \"x a\": \"1\"", "h2: field \"x-a\": \"a\\0b\"",
                "h2: field \"x-a\": \"a\\nb\"", "h2: field \"x-a\": \"a\\r\\nx-b: 1\"", "h2: field \"x-a\": \"a\\rb\"",
                "h2: field \"x-a\": \"a\\u{01}b\"", "h2: field \"x-a\": \"a\\u{7F}b\"", "h2: field \"x-a:\": \"1\"",
                "h2: field \"x-a\\r\\nx-b\": \"1\"", "h2: field \"x-é\": \"1\"", "h2: field \"x:a\": \"1\"", "h2: host: \"<a>\"",
                "h2: host: \"\\\"a\\\"\"", "h2: host: \"a#b\"", "h2: host: \"a:80 \"", "h2: host: \"a?b\"", "h2: host: \"a\\0\"",
                "h2: host: \"a\\\\b\"", "h2: host: \"a\\tb\"", "h2: host: \"a{b}\"", "h2: host: \"a|b\"",
                "h2: host: \"http://a\"", "h2: host: \"u:p@a\"", "h2: method \"\"", "h2: method \"GE T\"", "h2: method \"GéT\"",
                "h2: no method", "h2: no path", "h2: no scheme", "h2: path \"\"", "h2: path \"*\"", "h2: path \"/a b\"",
                "h2: path \"/a\\u{01}\"", "h2: path \"a\"", "h2: path \"http://b.test/x\"", "h2: protocol with GET",
                "h2: smuggling: CR in a name", "h2: smuggling: CR in the path", "h2: smuggling: CRLF in a cookie",
                "h2: smuggling: CRLF in the authority", "h2: smuggling: CRLF in the host", "h2: smuggling: CRLF in the method",
                "h2: smuggling: CRLF in the path", "h2: smuggling: CRLF in the scheme", "h2: smuggling: DEL in a name",
                "h2: smuggling: LF in a name", "h2: smuggling: LF in the authority", "h2: smuggling: LF in the path",
                "h2: smuggling: LFs in a value", "h2: smuggling: NUL behind a value", "h2: smuggling: NUL in a name",
                "h2: smuggling: NUL in the authority", "h2: smuggling: NUL in the method", "h2: smuggling: NUL in the path",
                "h2: smuggling: a CR behind a value", "h2: smuggling: a blank before a name",
                "h2: smuggling: a blank before the path", "h2: smuggling: a blank behind a name",
                "h2: smuggling: a coding in a value", "h2: smuggling: a coding in capitals", "h2: smuggling: a coding of nothing",
                "h2: smuggling: a colon alone", "h2: smuggling: a colon behind a name", "h2: smuggling: a colon in a name",
                "h2: smuggling: a head in a value", "h2: smuggling: a hexadecimal length",
                "h2: smuggling: a host before a different authority", "h2: smuggling: a length in capitals",
                "h2: smuggling: a length of 2^64 more", "h2: smuggling: a length of HEAD", "h2: smuggling: a length with CRLF",
                "h2: smuggling: a length with blanks", "h2: smuggling: a list of lengths", "h2: smuggling: a negative length",
                "h2: smuggling: a path behind the fields", "h2: smuggling: a path in capitals",
                "h2: smuggling: a request in the authority", "h2: smuggling: a request in the method",
                "h2: smuggling: a request in the path", "h2: smuggling: a request in the scheme", "h2: smuggling: a status",
                "h2: smuggling: a tab in a name", "h2: smuggling: a tab in the path", "h2: smuggling: a target in the scheme",
                "h2: smuggling: an LF before a value", "h2: smuggling: an at in the path", "h2: smuggling: an empty host",
                "h2: smuggling: an empty length", "h2: smuggling: an empty scheme", "h2: smuggling: an upgrade to h2c",
                "h2: smuggling: chunks and a coding", "h2: smuggling: chunks and a coding in the value of another",
                "h2: smuggling: connection names the coding", "h2: smuggling: te of chunks", "h2: smuggling: trailer \"\": \"1\"",
                "h2: smuggling: trailer \":status\": \"200\"", "h2: smuggling: trailer \":x\": \"1\"",
                "h2: smuggling: trailer \"transfer-encoding\": \"chunked\"", "h2: smuggling: trailer \"x t\": \"1\"",
                "h2: smuggling: trailer \"x\": \"1\\ny: 2\"",
                "h2: smuggling: trailer \"x\": \"1\\r\\n\\r\\nGET /hidden HTTP/1.1\\r\\n\\r\\n\"",
                "h2: smuggling: trailer \"x\": \"\\0\"", "h2: smuggling: trailer \"x:t\": \"1\"",
                "h2: smuggling: trailer \"x\\r\\ny\": \"1\"", "h2: smuggling: two authorities",
                "h2: smuggling: two equal authorities", "h2: smuggling: two equal paths", "h2: smuggling: two hosts",
                "h2: smuggling: two lengths that differ, the first right",
                "h2: smuggling: two lengths that differ, the second right", "h2: smuggling: two protocols",
                "h2: smuggling: two schemes", "h2: trailers in capitals", "h2: trailers that do not end",
                "h2: trailers with CR and LF", "h2: trailers with a connection field", "h2: trailers with a pseudo field",
                "h2: two equal lengths", "h2: two lengths", "h2: two methods", "h2: two paths",
                "upward: h2: smuggling: a hexadecimal length", "upward: h2: smuggling: a length in capitals",
                "upward: h2: smuggling: a length of 2^64 more", "upward: h2: smuggling: a length with CRLF",
                "upward: h2: smuggling: a length with blanks", "upward: h2: smuggling: a list of lengths",
                "upward: h2: smuggling: a negative length", "upward: h2: smuggling: an empty length",
                "upward: h2: smuggling: chunks and a coding",
                "upward: h2: smuggling: chunks and a coding in the value of another",
                "upward: h2: smuggling: two lengths that differ, the first right",
                "upward: h2: smuggling: two lengths that differ, the second right",
            ]),
        Group(
            "a push that was not allowed ends the connection (RFC 9113, 8.4), and whoever waits for an answer is told",
            "open → 502 end, open",
            [
                "ending: h2: frames push"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "0 end, open → 502 end, open",
            [
                "h2: ambiguous answer status-zero"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "000 end, open → 502 end, open",
            [
                "ending: h2: frames status-zero"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "099 end, open → 502 end, open",
            [
                "ending: h2: frames status-099"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "20 end, open → 502 end, open",
            [
                "h2: ambiguous answer status-two-digits"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "200 end, open → 502 end, open",
            [
                "h2: ambiguous answer status-two-blanks"
            ]),
        Group(
            "a status has three digits, the first of them from 1 to 9 (RFC 9110, 15)", "2000 end, open → 502 end, open",
            [
                "h2: ambiguous answer status-four-digits"
            ]),
        Group(
            "the codings of te are in any letters (RFC 9110, 10.1.4)", "200 end, open: body",
            [
                "h2: smuggling: te in capitals"
            ]),
        Group(
            "what has come of a body is passed on before the connection tells that there is no more", "200 reset 2, open: body",
            [
                "ending: h2: frames length-too-long"
            ]),
    ]
}
