// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import SPIFFE
import Synchronization
import Testing

/// Heads without an end, peers that say nothing, readers that do not read: each meets its limit, and nothing grows meanwhile.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LimitTests {
    @Test(arguments: [
        ("target", "GET /", "a", 414), ("method", "", "A", 414),
        ("line without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "a", 431),
        ("fields without an end", "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", 431),
    ]) func `a head without an end`(_ name: String, _ start: String, _ more: String, _ status: Int) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let connection = try await RawConnection.open(port: harness.port)
        // What comes after the answer is read by nobody.
        try? await connection.send(start + String(repeating: more, count: 100_000 / more.utf8.count))
        let answer = await connection.receive(within: .seconds(10)) { _ in false }
        #expect(answer.isClosed && answer.text.hasPrefix("HTTP/1.1 \(status) "), "\(answer.text)")
        #expect(answer.text.lowercased().contains("connection: close"))
        #expect(upstream.record.text == "")
        await connection.close()
        try await harness.stop()
    }

    @Test(arguments: [
        ("as long as it may be", 16 << 10, 200), ("a byte longer", 16 << 10 + 1, 414),
    ]) func `a target`(_ name: String, _ length: Int, _ status: Int) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        #expect(try await harness.get("/" + String(repeating: "a", count: length - 1)).hasPrefix("HTTP/1.1 \(status) "))
        try await harness.stop()
    }

    @Test func `a manager's own limits of a head`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        let snapshot = StrictRow.snapshot(port: upstream.port).with(manager: {
            $0.maxHeaders = 5
            $0.maxHeaderBytes = 1024
        })
        try await harness.proxy.apply(snapshot)
        #expect(try await harness.get("/", headers: "A: 1\r\nB: 1\r\nC: 1\r\n").hasPrefix("HTTP/1.1 200 "))
        #expect(try await harness.get("/", headers: "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n").hasPrefix("HTTP/1.1 431 "))
        #expect(try await harness.get("/", headers: "A: \(String(repeating: "a", count: 1024))\r\n").hasPrefix("HTTP/1.1 431 "))
        try await harness.stop()
    }

    @Test(arguments: [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], Array("GET / HTTP/1.1\r\n\r\n".utf8)] as [[UInt8]])
    func `a handshake that does not come is not waited for`(_ bytes: [UInt8]) async throws {
        let harness = try await ProxyHarness()
        var snapshot = ProxyHarness.snapshot(ports: [1])
        guard var listener = snapshot.listeners["l"], var chain = listener.filterChains.first else { return }
        chain.tls = ProxyPair.serverTLS
        chain.transportTimeout = .milliseconds(100)
        listener.filterChains = [chain]
        snapshot.listeners["l"] = listener
        try await harness.proxy.apply(snapshot)
        harness.proxy.certificates.update(try TestAuthority().credential("a"))
        let connection = try await RawConnection.open(port: harness.port)
        // On a busy machine the time may be over before.
        if !bytes.isEmpty { try? await connection.send(bytes) }
        #expect(await connection.receive(within: .seconds(10)) { _ in false }.isClosed)
        try await waitUntil("the connection to be gone", within: .seconds(10)) { await harness.proxy.connectionCount() == 0 }
        await connection.close()
        try await harness.stop()
    }

    @Test func `connections that say nothing, or stop in the middle, go at the idle timeout`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        let snapshot = StrictRow.snapshot(port: upstream.port).with(manager: { $0.connectionIdleTimeout = .milliseconds(200) })
        try await harness.proxy.apply(snapshot)
        var connections: [RawConnection] = []
        for start in ["", "P", "PRI * HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
            for _ in 0..<10 {
                let connection = try await RawConnection.open(port: harness.port)
                if !start.isEmpty { try? await connection.send(start) }
                connections.append(connection)
            }
        }
        for connection in connections { #expect(await connection.receive(within: .seconds(10)) { _ in false }.isClosed) }
        try await waitUntil("all to be gone", within: .seconds(10)) { await harness.proxy.connectionCount() == 0 }
        try await harness.stop()
    }

    /// The peer's end is closed while we have half of something.
    @Test(arguments: ["G", "GET / HTTP/1.1\r\nHost", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"])
    func `half of a message and then the end`(_ bytes: String) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let connection = try await RawConnection.open(port: harness.port)
        try await connection.send(bytes)
        try await waitUntil("it to be read", within: .seconds(10)) {
            await harness.proxy.connectionCount() == 1 && (!bytes.hasPrefix("POST") || upstream.record.text.hasSuffix("abc"))
        }
        await connection.close()
        try await waitUntil("the connection to be gone", within: .seconds(10)) { await harness.proxy.connectionCount() == 0 }
        try await waitUntil("the upstream's to be gone", within: .seconds(10)) { upstream.record.openConnections == 0 }
        #expect(upstream.record.messages == 0)
        try await harness.stop()
    }
}
