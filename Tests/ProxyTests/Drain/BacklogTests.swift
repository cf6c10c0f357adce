// SPDX-License-Identifier: Apache-2.0
import Dispatch
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Sockets
import Testing

/// A connection that the system has accepted for us is served, though we stop listening before we have seen it.
@Suite(.timeLimit(.minutes(1))) struct BacklogTests {
    @Test(arguments: [DrainCause.proxyStops, .listenerGoes])
    func `connections that wait to be accepted are served before the port is given up`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let port = harness.port
        // While the loop stands still, nobody accepts.
        let gate = DispatchSemaphore(value: 0)
        harness.loops.next().execute { gate.wait() }
        var clients: [RawConnection] = []
        for _ in 0..<40 {
            let client = try await RawConnection.open(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
        }
        // Goes on beside the clients; `stop` below ends it.
        let ending = Task { try await cause.run(harness.proxy, snapshot) }
        if cause == .proxyStops {
            try await waitUntil("nothing to be listened on", within: .seconds(10)) { harness.proxy.boundListeners.isEmpty }
        }
        gate.signal()
        for client in clients {
            let answer = try await client.receive("fine")
            #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
        for client in clients { await client.close() }
        try await ending.value
        await #expect(throws: (any Error).self) { try await RawConnection.open(port: port) }
        try await harness.stop()
    }
}
