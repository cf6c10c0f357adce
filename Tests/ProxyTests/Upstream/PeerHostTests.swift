// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// TLS connections that are for the host of a request.
@Suite(.timeLimit(.minutes(1))) struct PeerHostTests {
    private static let details = "%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%\n"

    private func get(_ front: ProxyHarness, _ host: String, headers: String = "") async throws -> String {
        try await front.exchange("GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(headers)\r\n")
    }

    @Test func `each host has connections of its own, under its name`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"])
        let front = try await back.front(
            .http1, cluster: { $0.peerNaming = PeerNaming(asksForHost: true, checksHost: false, header: "x-name") })
        let rows = [
            ("a.test", "", "a.test"), ("b.test", "", "b.test"), ("A.Test:8080", "", "a.test"), ("127.0.0.1:80", "", "static.test"),
            ("[::1]:80", "", "static.test"), ("[::1]", "", "static.test"), ("b.test", "x-name: a.test:9\r\n", "a.test"),
            ("b.test", "x-name: a.test\r\nx-name: c.test\r\n", "a.test"), ("b.test", "x-name:\r\n", "b.test"),
        ]
        for (host, headers, _) in rows { #expect(try await self.get(front, host, headers: headers).hasSuffix("fine")) }
        #expect(try await back.harness.log.first(rows.count) == rows.map { "\($0.2) HTTP/1.1" })
        // a.test, b.test, and one for addresses, which no handshake names.
        #expect(await back.harness.proxy.connectionCount() == 3)
        #expect(await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == 3)
        try await back.stop(front)
    }

    @Test func `it is the host that the route makes, and stays that of the first attempt`() async throws {
        let back = try await TLSBackend(protocols: ["h2"])
        let naming = PeerNaming(asksForHost: true, checksHost: false)
        let literal = try await back.front(
            route: { $0.hostRewrite = .literal("new.test") }, cluster: { $0.peerNaming = naming })
        #expect(try await self.get(literal, "a.test").hasSuffix("fine"))
        let automatic = try await back.front(
            route: { $0.hostRewrite = .endpoint }, cluster: { $0.peerNaming = naming })
        #expect(try await self.get(automatic, "a.test").hasSuffix("fine"))
        #expect(try await back.harness.log.first(2) == ["new.test HTTP/2", "a.test HTTP/2"])
        try await back.stop(literal, automatic)
    }

    @Test(arguments: [Cluster.UpstreamProtocol.http1, .http2, .negotiated])
    func `the certificate has to bear the host`(spoken: Cluster.UpstreamProtocol) async throws {
        let back = try await TLSBackend(protocols: ["h2", "http/1.1"], names: ["a.test", "*.wild.test"])
        let front = try await back.front(
            spoken, format: Self.details, cluster: { $0.peerNaming = PeerNaming(asksForHost: true, checksHost: true) })
        let reason = "TLS_error:_verify_SAN_list:_peer_is_a.test,_*.wild.test,_not_"
        let rows = [
            ("a.test", "200 - -"), ("A.TEST", "200 - -"), ("b.wild.test", "200 - -"),
            ("b.c.wild.test", "503 UF \(reason)b.c.wild.test"),
            ("other.test", "503 UF \(reason)other.test"), ("127.0.0.1", "503 UF \(reason)127.0.0.1"), ("a.test", "200 - -"),
        ]
        for (host, wanted) in rows { #expect(try await self.get(front, host).hasPrefix("HTTP/1.1 \(wanted.prefix(3)) ")) }
        #expect(try await front.log.first(rows.count) == rows.map(\.1))
        try await back.stop(front)
    }

    @Test func `beside the names that the TLS settings want`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"], names: ["a.test", "b.test"])
        for (wanted, isAccepted) in [("b.test", true), ("c.test", false)] {
            let front = try await back.front(
                .http1,
                cluster: {
                    $0.peerNaming = PeerNaming(asksForHost: false, checksHost: true)
                    $0.tls?.common.subjectAltNames = [.init(kind: .dns, match: .exact(wanted, ignoringCase: false))]
                })
            #expect(try await self.get(front, "a.test").hasPrefix("HTTP/1.1 \(isAccepted ? 200 : 503) "))
            try await front.stop()
        }
        // It was not asked for by its name.
        #expect(try await back.harness.log.first(1) == ["static.test HTTP/1.1"])
        try await back.stop()
    }

    @Test func `a name proves nothing where nobody is trusted`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"])
        let front = try await back.front(
            .http1, format: Self.details,
            cluster: {
                $0.peerNaming = PeerNaming(asksForHost: true, checksHost: true)
                $0.tls?.common.trust = nil
            })
        #expect(try await self.get(front, "a.test").hasPrefix("HTTP/1.1 503 "))
        #expect(try await front.log.first(1)[0].contains("no_trusted_ca"))
        try await back.stop(front)
    }

    @Test func `hosts that no handshake can name are answered for`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"])
        let front = try await back.front(
            .http1, cluster: { $0.peerNaming = PeerNaming(asksForHost: true, checksHost: false) })
        let long = [String](repeating: "a", count: 100).joined(separator: "bcd.")
        #expect(try await self.get(front, long).hasPrefix("HTTP/1.1 503 "))
        #expect(try await self.get(front, "a.test").hasSuffix("fine"))
        try await back.stop(front)
    }

    /// Clients choose the hosts.
    @Test func `many hosts leave no more connections than allowed`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"])
        let front = try await back.front(
            .http1, limits: CircuitLimits(maxConnections: 4),
            cluster: { $0.peerNaming = PeerNaming(asksForHost: true, checksHost: false) })
        for number in 0..<80 { #expect(try await self.get(front, "h\(number).test").hasSuffix("fine")) }
        let left = await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive ?? .max
        #expect(left <= 5)
        try await back.stop(front)
    }

    @Test func `endpoints without TLS have nothing to do with it`() async throws {
        let front = try await ProxyHarness()
        let upstream = try await TestUpstream(group: front.group, answer: TestUpstream.ok("plain"))
        try await front.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(cluster: {
                $0.peerNaming = PeerNaming(asksForHost: true, checksHost: true)
            }))
        for host in ["a", "b"] { #expect(try await self.get(front, host).hasSuffix("plain")) }
        #expect(upstream.connectionCount == 1)
        try await front.stop()
    }
}
