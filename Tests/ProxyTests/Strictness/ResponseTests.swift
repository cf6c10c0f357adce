// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import Testing

/// What a bad upstream sends does not become two answers, nor poison the next request.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ResponseTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var answer: String
        var testDescription: String { self.name }

        init(_ name: String, _ answer: String) {
            self.name = name
            self.answer = answer
        }
    }

    private static func ok(_ name: String, _ lines: String, _ body: String = "") -> Row {
        Row(name, "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n" + body)
    }

    static let bad: [Row] = [
        ok("a length and a coding", "Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        ok("two lengths", "Content-Length: 3\r\nContent-Length: 4", "abcd"),
        ok("two lengths alike", "Content-Length: 3\r\nContent-Length: 3", "abc"), ok("list", "Content-Length: 3, 3", "abc"),
        ok("plus", "Content-Length: +3", "abc"), ok("minus", "Content-Length: -3", "abc"),
        ok("hexadecimal", "Content-Length: 0x3", "abc"),
        ok("overflow", "Content-Length: 18446744073709551619", "abc"), ok("empty length", "Content-Length:", "abc"),
        ok("unknown coding", "Transfer-Encoding: cow", "abc"),
        ok("list of codings", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
        ok("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        ok("space before a colon", "Transfer-Encoding : chunked", "0\r\n\r\n"), ok("fold", "X: y\r\n z\r\nContent-Length: 0"),
        ok("bare LF", "X: y\nContent-Length: 0"), ok("bare CR", "X: y\rContent-Length: 0"), ok("NUL", "X: \0\r\nContent-Length: 0"),
        ok("empty name", ": y\r\nContent-Length: 0"), ok("blank in a name", "X Y: y\r\nContent-Length: 0"),
        ok("no colon", "X\r\nContent-Length: 0"),
        Row("coding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Row("HTTP/0.9", "hello"), Row("HTTP/2", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("signed status", "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("status below 100", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("two spaces", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n"),
        Row("LF behind the status line", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"),
        Row("CR in the reason", "HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n"),
        Row("NUL in the reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n"),
    ]

    @Test(arguments: bad) func `is no answer`(_ row: Row) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(
            group: harness.group, answer: row.answer + (row.answer == "hello" ? "\r\n\r\n" : ""))
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let answer = try await harness.get("/")
        #expect(answer.hasPrefix("HTTP/1.1 502 ") || answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.ranges(of: "HTTP/1.1").count == 1)
        try await waitUntil("the upstream's connection to close", within: .seconds(10)) { upstream.record.openConnections == 0 }
        try await harness.stop()
    }

    /// What such an answer says of a body may come later, when the connection would carry another request.
    @Test(arguments: ["Content-Length: 4", "Content-Length: x", "Transfer-Encoding: chunked"])
    func `an answer without body that says it has one is its connection's last`(_ line: String) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group, answer: "HTTP/1.1 204 No Content\r\n\(line)\r\n\r\n")
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        #expect(try await harness.get("/").hasPrefix("HTTP/1.1 204 "))
        try await waitUntil("the upstream's connection to close", within: .seconds(10)) { upstream.record.openConnections == 0 }
        try await harness.stop()
    }

    /// Answers that nobody asked for must not be taken for the answer to the next request.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    ]) func `a second answer is thrown away with its connection`(_ answer: String) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group, answer: answer)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        for _ in 0..<3 {
            let answer = try await harness.get("/")
            #expect(answer.hasPrefix("HTTP/1.1 20") && !answer.contains("evil"))
        }
        try await harness.stop()
    }
}
