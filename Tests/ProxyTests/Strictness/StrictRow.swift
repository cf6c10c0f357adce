// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// One technique by which two parties are made to see different messages in the same bytes, and what the proxy must do about it.
struct StrictRow: CustomTestStringConvertible, Sendable {
    enum Outcome: Sendable {
        /// Answered with this status, closed; the upstream has seen no byte of it.
        case refused(Int)
        /// The upstream gets exactly this, and what follows is the next request.
        case forwarded(String)
        /// The upstream gets exactly this; what follows is no request, and is refused with 400.
        case forwardedThenRefused(String)
        /// The head was good, the body is not: no whole message ever reaches the upstream, and both connections close.
        case cut
    }

    var name: String
    var bytes: [UInt8]
    var outcome: Outcome
    var testDescription: String { self.name }

    init(_ name: String, raw: String, _ outcome: Outcome) {
        self.name = name
        self.bytes = Array(raw.utf8)
        self.outcome = outcome
    }

    init(_ name: String, bytes: [UInt8], _ outcome: Outcome) {
        self.name = name
        self.bytes = bytes
        self.outcome = outcome
    }

    /// A message of these lines, with CRLF behind each and an empty line at the end.
    init(_ name: String, _ lines: String..., body: String = "", then outcome: Outcome) {
        self.init(name, raw: lines.map { $0 + "\r\n" }.joined() + "\r\n" + body, outcome)
    }

    /// A POST to `/` of host `a` with these header lines.
    static func post(_ name: String, _ lines: String..., body: String = "", then outcome: Outcome) -> StrictRow {
        StrictRow(name, raw: "POST / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body, outcome)
    }

    /// Follows every row on its connection: where the proxy takes the end of the row's message to be is where this begins.
    static let probe = "GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
    static let probeForwarded = "GET /probe HTTP/1.1\r\nHost: probe\r\nx-forwarded-proto: http\r\n\r\n"

    /// All that is added by default is left out, so that what is forwarded can be compared byte for byte.
    static func snapshot(port: Int) -> ProxySnapshot {
        // An empty prefix: also `*`.
        let any = Route(
            name: "any", match: RouteMatch(path: .prefix("")),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: .zero)))
        return ProxyHarness.snapshot(ports: [port], routes: [any]).with(manager: { manager in
            manager.generatesRequestID = false
            manager.acceptsHTTP10 = true
            manager.accessLogs = []
        })
    }

    /// Sends it through a proxy and says what is not as it should be.
    func check() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(Self.snapshot(port: upstream.port))
        let connection = try await RawConnection.open(port: harness.port)
        if case .cut = self.outcome { try await self.sendHead(connection, to: upstream) }
        try await connection.send(self.rest + Array(Self.probe.utf8))
        let answer = await connection.receive(within: .seconds(10)) { _ in false }
        await connection.close()
        #expect(answer.isClosed, "the connection stays open")
        let statuses = answer.text.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
        switch self.outcome {
        case .refused(let status):
            #expect(statuses == [status])
            #expect(answer.text.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(upstream.record.text == "")
        case .forwarded(let text):
            #expect(statuses == [200, 200])
            #expect(upstream.record.text == text + Self.probeForwarded)
        case .forwardedThenRefused(let text):
            #expect(statuses == [200, 400])
            #expect(upstream.record.text == text)
        case .cut:
            #expect(statuses.allSatisfy { $0 == 400 || $0 == 431 } && statuses.count <= 1)
            #expect(upstream.record.messages == 0)
            try await waitUntil("the upstream's connection to close", within: .seconds(10)) { upstream.record.openConnections == 0 }
        }
        try await harness.stop()
    }

    /// A head that is good has reached the upstream before the rest is sent: the case in which it is too late for an answer only.
    private func sendHead(_ connection: RawConnection, to upstream: RecordingUpstream) async throws {
        try await connection.send(Array(self.bytes[..<self.headEnd]))
        try await waitUntil("the head", within: .seconds(10)) { upstream.record.text.contains("\r\n\r\n") }
    }

    private var headEnd: Int { self.bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0 }

    private var rest: [UInt8] {
        if case .cut = self.outcome { Array(self.bytes[self.headEnd...]) } else { self.bytes }
    }
}
