// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static let good = [
        "chunked", "trailers", "until-close", "http10", "close", "early-hints", "continue", "204", "204-length", "205", "304",
        "304-length", "301", "404", "500", "503", "599",
        "reason", "no-reason", "hop", "server", "date", "cookies", "same-twice", "empty-value", "via", "envoy-headers", "upper",
    ]

    static let responses: [DifferentialCase] =
        good.map { .request("answer \($0)", target: "/?answer=\($0)") }
        + good.map { .request("answer \($0) with options", on: .options, target: "/?answer=\($0)") }
        + ["chunked", "until-close", "304-length", "404", "500", "trailers"].map {
            .request("answer \($0) to HEAD", method: "HEAD", target: "/?answer=\($0)")
        }
        + ["server", "hop"].map { .request("answer \($0) guarded", on: .guarded, target: "/?answer=\($0)") }

    static let brokenResponses: [DifferentialCase] = [
        "999", "no-reason-space", "two-equal-lengths", "two-lengths", "list-length", "signed-length", "both-lengths",
        "unknown-coding", "bare-lf", "space-colon", "fold", "no-colon", "bad-status",
        "bad-version", "garbage", "nothing", "half-head", "truncated", "truncated-chunk", "bad-chunk", "surplus", "unasked-101",
    ].map { .request("broken answer \($0)", target: "/?answer=\($0)") }

    static let ambiguousResponses: [DifferentialCase] = EchoAnswer.ambiguous.keys.sorted().flatMap { name in
        [
            .request("ambiguous answer \(name)", target: "/?answer=\(name)"),
            .frames("ambiguous answer \(name)", HTTP2Frames().head(Self.fields("GET", "/?answer=\(name)"))),
        ]
    }
}
