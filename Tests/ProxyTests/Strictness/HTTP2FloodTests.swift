// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import Testing

/// Frames that cost us work and carry nothing end their connection, before they cost anybody else anything.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HTTP2FloodTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        /// Sent once.
        var setup: [UInt8] = []
        /// The frames of one round, of which this is the how-manieth.
        var round: @Sendable (UInt32) -> [UInt8]
        /// Rounds that are far too many.
        var rounds: UInt32 = 4000
        var code = calm
        var testDescription: String { self.name }
    }

    private static let calm = 11
    private static let get = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
    private static let put = [(":method", "PUT"), (":scheme", "http"), (":authority", "a"), (":path", "/")]

    private static func reset(_ stream: UInt32) -> [UInt8] {
        RawHTTP2.frame(3, stream: stream, payload: RawHTTP2.number(8))
    }

    private static func repeated(_ frame: [UInt8]) -> @Sendable (UInt32) -> [UInt8] { { _ in frame } }

    static let floods: [Row] = [
        Row(name: "rapid reset (CVE-2023-44487)") { RawHTTP2.headers(get, stream: 2 * $0 + 1) + reset(2 * $0 + 1) },
        Row(name: "resets that we are made to send, by windows of nothing (CVE-2025-8671)") {
            RawHTTP2.headers(put, stream: 2 * $0 + 1, ends: false)
                + RawHTTP2.frame(8, stream: 2 * $0 + 1, payload: RawHTTP2.number(0))
        },
        Row(name: "resets that we are made to send, by too much data") {
            RawHTTP2.headers(put + [("content-length", "1")], stream: 2 * $0 + 1, ends: false)
                + RawHTTP2.frame(0, stream: 2 * $0 + 1, payload: [1, 2, 3])
        },
        Row(name: "requests that are none") { RawHTTP2.headers([("X", "y")], stream: 2 * $0 + 1) },
        Row(name: "resets of what is over", setup: RawHTTP2.headers(get, stream: 1), round: repeated(reset(1))),
        Row(name: "PING (CVE-2019-9512)", round: repeated(RawHTTP2.frame(6, payload: [0, 1, 2, 3, 4, 5, 6, 7]))),
        Row(name: "PING ACK", round: repeated(RawHTTP2.frame(6, flags: 1, payload: [0, 1, 2, 3, 4, 5, 6, 7]))),
        Row(name: "SETTINGS (CVE-2019-9515)", round: repeated(RawHTTP2.frame(4))),
        Row(
            name: "SETTINGS that move every window", setup: RawHTTP2.headers(put, stream: 1, ends: false),
            round: { RawHTTP2.frame(4, payload: [0, 4] + RawHTTP2.number(65_535 + $0 & 1)) }),
        Row(name: "SETTINGS ACK", round: repeated(RawHTTP2.frame(4, flags: 1))),
        Row(
            name: "PRIORITY (CVE-2019-9513)",
            round: { RawHTTP2.frame(2, stream: 2 * $0 + 1, payload: RawHTTP2.number(2 * $0 + 3) + [16]) }),
        Row(
            name: "empty DATA (CVE-2019-9518)", setup: RawHTTP2.headers(put, stream: 1, ends: false),
            round: repeated(RawHTTP2.frame(0, stream: 1))),
        Row(
            name: "DATA that is nothing but padding", setup: RawHTTP2.headers(put, stream: 1, ends: false),
            round: repeated(RawHTTP2.frame(0, flags: 8, stream: 1, payload: [3, 0, 0, 0]))),
        Row(name: "WINDOW_UPDATE of the connection", round: repeated(RawHTTP2.frame(8, payload: RawHTTP2.number(1)))),
        Row(
            name: "WINDOW_UPDATE of a stream", setup: RawHTTP2.headers(put, stream: 1, ends: false),
            round: repeated(RawHTTP2.frame(8, stream: 1, payload: RawHTTP2.number(1)))),
        Row(name: "frames of an unknown type", round: repeated(RawHTTP2.frame(0xBE, payload: [1, 2, 3]))),
        Row(
            name: "GOAWAY, which ends it at once",
            round: repeated(RawHTTP2.frame(7, payload: RawHTTP2.number(0) + RawHTTP2.number(0))), code: 0),
        Row(
            name: "CONTINUATION of nothing (CVE-2024-27316)", setup: RawHTTP2.frame(1, stream: 1, payload: RawHTTP2.block(get)),
            round: repeated(RawHTTP2.frame(9, stream: 1)), rounds: 100),
        Row(
            name: "CONTINUATION without an end", setup: RawHTTP2.frame(1, stream: 1, payload: RawHTTP2.block(get)),
            round: repeated(
                RawHTTP2.frame(9, stream: 1, payload: RawHTTP2.block([("x", String(repeating: "y", count: 16_000))]))),
            rounds: 100),
    ]

    @Test(arguments: floods) func `ends its connection, and no other`(_ row: Row) async throws {
        let harness = try await ProxyHarness()
        // Never answers: work that is taken up stays.
        let upstream = try await ScriptedUpstream(group: harness.group, always: .silence)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        var bytes = row.setup
        for round in 0..<row.rounds { bytes += row.round(round) }
        // The connection may be closed before all of it is sent.
        try? await client.send(bytes)
        #expect(await client.end() == .goAway(row.code))
        await client.connection.close()
        // A stream that is given up does not leave its request behind.
        try await waitUntil("the streams to be given up", within: .seconds(10)) {
            await harness.proxy.clusterStatus().first?.endpoints.first?.requestsActive == 0
        }
        try await waitUntil("the connection to be gone", within: .seconds(10)) { await harness.proxy.connectionCount() == 0 }
        let good = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: good.port))
        #expect(try await harness.get("/").hasPrefix("HTTP/1.1 200 "))
        try await harness.stop()
    }

    @Test func `more streams than are allowed are refused, the others live`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .silence)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        var bytes: [UInt8] = []
        for stream in 0..<UInt32(1034) { bytes += RawHTTP2.headers(Self.put, stream: 2 * stream + 1, ends: false) }
        try await client.send(bytes)
        let answer = await client.connection.receive(within: .seconds(10)) { answer in
            RawHTTP2.frames(answer.bytes).count { $0.type == 3 } >= 10
        }
        let refused = RawHTTP2.frames(answer.bytes).filter { $0.type == 3 }
        let expected: [UInt32] = (1024..<1034).map { 2 * $0 + 1 }
        #expect(refused.map(\.stream) == expected)
        let reason = RawHTTP2.number(7)
        #expect(refused.allSatisfy { $0.payload == reason })
        #expect(!answer.isClosed)
        await client.connection.close()
        try await harness.stop()
    }

    /// A table entry of four kilobytes, named by one byte each time: 40 MB out of 10 KB.
    @Test func `a bomb of HPACK is a head that is too large`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        let entry: [UInt8] = [0x40] + RawHTTP2.string("x") + RawHTTP2.string(String(repeating: "y", count: 4000))
        let block = RawHTTP2.block(Self.get) + entry + [UInt8](repeating: 0x80 | 62, count: 10_000)
        try await client.send(RawHTTP2.frame(1, flags: 5, stream: 1, payload: block))
        #expect(await client.ending(of: 1) == .status(431))
        try await client.send(RawHTTP2.headers(Self.get, stream: 3))
        #expect(await client.ending(of: 3) == .status(200))
        #expect(!upstream.record.text.contains("yyyy"))
        await client.connection.close()
        try await harness.stop()
    }

    @Test(arguments: [
        ("many fields", (0..<101).map { ("x\($0)", "y") }), ("much", [("x", String(repeating: "y", count: 61 << 10))]),
    ]) func `a head beyond the limits is answered`(_ name: String, _ fields: [(String, String)]) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        let block = RawHTTP2.block(Self.get + fields)
        var frames: [UInt8] = []
        for start in stride(from: 0, to: block.count, by: 16_000) {
            let part = Array(block[start..<min(start + 16_000, block.count)])
            let isLast = start + 16_000 >= block.count
            frames += RawHTTP2.frame(
                start == 0 ? 1 : 9, flags: (start == 0 ? 1 : 0) | (isLast ? 4 : 0), stream: 1, payload: part)
        }
        try await client.send(frames)
        #expect(await client.ending(of: 1) == .status(431))
        #expect(upstream.record.text == "")
        await client.connection.close()
        try await harness.stop()
    }
}
