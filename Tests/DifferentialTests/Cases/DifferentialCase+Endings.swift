// SPDX-License-Identifier: Apache-2.0

/// What ends before it is whole: upstreams that go away, clients that say no more.
extension DifferentialCase {
    /// Upstream connections and streams that end before, within and after an answer.
    static let ending: [DifferentialCase] =
        BootstrapFile.endingTokens.flatMap { token in
            [
                "goaway", "goaway-announced", "goaway-none", "goaway-error", "goaway-close", "goaway-half", "refused", "reset",
                "cancel", "close", "half", "close-half", "until-2-goaway-none", "until-2-goaway-error", "until-2-goaway-close",
                "until-2-refused", "until-2-reset", "until-2-cancel", "until-2-close",
            ].flatMap { name -> [DifferentialCase] in
                [
                    .request("\(token) \(name)", on: .ending, target: "/\(token)/?answer=\(name)"),
                    .frames(
                        "\(token) \(name)", on: .ending,
                        HTTP2Frames().head(Self.fields("POST", "/\(token)/?answer=\(name)"), ends: false).data("abc")),
                ]
            }
        }

    /// Clients that say no more before they have got everything.
    static let halfClosed: [DifferentialCase] =
        [
            DifferentialCase.request("a request"), .request("a slow answer", target: "/?answer=never"),
            .request("half a body", method: "POST", headers: ["Content-Length: 6"], body: "abc"),
            .request("half a chunk", method: "POST", headers: ["Transfer-Encoding: chunked"], body: "6\r\nabc"),
            DifferentialCase("half a head", "GET / HTTP/1.1\r\nHost: a\r\n"), DifferentialCase("nothing", ""),
            .frames("a stream", HTTP2Frames().head(Self.fields())),
            .frames("half a stream", HTTP2Frames().head(Self.fields("POST"), ends: false).data("abc", ends: false)),
            .request("a request", on: .tcp), .request("half a request", on: .tcp, headers: ["Content-Length: 6"], body: "abc"),
            DifferentialCase("bytes", on: .tcp, "CONNECT a:1 HTTP/1.1\r\n\r\n"),
            DifferentialCase("nothing", on: .unreachable, "", responses: 0),
            DifferentialCase("nothing", on: .tcp, "", responses: 0),
        ].map { $0.finished() }

    /// What no server of HTTP/2 should answer.
    static let upstreamFrames: [DifferentialCase] = HTTP2Answers.names.flatMap { name in
        [
            .request("frames \(name)", on: .ending, target: "/none/?answer=\(name)"),
            .frames("frames \(name)", on: .ending, HTTP2Frames().head(Self.fields("GET", "/none/?answer=\(name)"))),
        ]
    }
}
