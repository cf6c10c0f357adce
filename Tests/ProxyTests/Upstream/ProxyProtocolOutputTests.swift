// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Endpoints that are told for whom a connection speaks.
@Suite(.timeLimit(.minutes(1))) struct ProxyProtocolOutputTests {
    @Test func `a TCP endpoint hears of the client first`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, greeting: "hi ")
        let listener = Listener(
            name: "l", address: .host("127.0.0.1", port: 0), filterChains: [.tcp("c")],
            listenerFilters: [.proxyProtocol(ProxyProtocolPolicy())])
        var cluster = Cluster.loopback("c", upstream.port)
        cluster.proxyProtocol = ProxyProtocolOutput(version: .v1)
        try await harness.proxy.apply(ProxySnapshot([listener], [cluster]))
        let client = try await RawConnection.open(port: harness.port)
        let line = "PROXY TCP6 2001:db8::1 ::1 1 2\r\n"
        try await client.send(line + "hello")
        let answer = await client.receive(within: .seconds(5)) { $0.text.hasSuffix("hello") }
        #expect(answer.text == "hi \(line)hello")
        await client.close()
        try await harness.stop()
    }

    @Test func `connections to HTTP endpoints belong to one client each`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, echoes: false)
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        snapshot.listeners["l"]?.listenerFilters = [.proxyProtocol(ProxyProtocolPolicy())]
        snapshot.clusters["c"]?.proxyProtocol = ProxyProtocolOutput(version: .v1)
        try await harness.proxy.apply(snapshot)
        for number in 1...2 {
            let client = try await RawConnection.open(port: harness.port)
            try await client.send("PROXY TCP4 192.0.2.\(number) 10.0.0.1 9 80\r\nGET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            try await waitUntil("the request is there", within: .seconds(5)) { upstream.received.contains("GET /\(number) ") }
            #expect(upstream.received.contains("PROXY TCP4 192.0.2.\(number) 10.0.0.1 9 80\r\nGET /\(number) HTTP/1.1\r\n"))
            await client.close()
        }
        #expect(upstream.connectionCount == 2)
        try await harness.stop()
    }

    /// The header goes before TLS, and what a proxy in front of us said beside the addresses goes on.
    @Test func `the next proxy knows the client through TLS`() async throws {
        let pair = try await ProxyPair()
        let authority = try TestAuthority()
        pair.install(client: try authority.credential("client"), server: try authority.credential("server"))
        var client = ProxyHarness.snapshot(ports: [pair.server.port])
        client.clusters["c"]?.tls = ProxyPair.clientTLS
        client.clusters["c"]?.proxyProtocol = ProxyProtocolOutput(
            version: .v2, passedValues: .all, addedValues: [ProxyProtocolValue(type: 0xE1, bytes: [1])])
        client.listeners["l"]?.listenerFilters = [.proxyProtocol(ProxyProtocolPolicy(keptValues: .all))]
        try await pair.client.proxy.apply(client)
        var server = ProxyHarness.snapshot(ports: [pair.upstream.port]).with(manager: { manager in
            let format =
                "%RESPONSE_CODE% %DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_TLS_VERSION%\n"
            manager.accessLogs = [AccessLogConfiguration(path: "log", format: .text(format))]
        })
        server.listeners["l"]?.listenerFilters = [
            .proxyProtocol(ProxyProtocolPolicy(versions: [.v2], keptValues: .all)), .tlsInspector,
        ]
        server.listeners["l"]?.filterChains[0].tls = ProxyPair.serverTLS
        try await pair.server.proxy.apply(server)
        let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        #expect(try await pair.client.exchange("PROXY TCP4 192.0.2.9 10.0.0.1 9 80\r\n" + request).hasPrefix("HTTP/1.1 200"))
        let expected = "200 192.0.2.9:9 10.0.0.1:80 spiffe://cluster.local/ns/default/sa/client TLSv1.3"
        #expect(try await pair.server.log.first(1) == [expected])
        try await pair.stop()
    }
}
