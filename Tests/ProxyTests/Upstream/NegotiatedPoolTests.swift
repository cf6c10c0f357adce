// SPDX-License-Identifier: Apache-2.0
import HTTP1
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Endpoints that choose in the handshake whether they speak HTTP/2.
@Suite(.timeLimit(.minutes(1))) struct NegotiatedPoolTests {
    @Test(
        arguments: [
            ("both", ["h2", "http/1.1"], [], "HTTP/2"), ("both, the other first", ["http/1.1", "h2"], [], "HTTP/1.1"),
            ("HTTP/2", ["h2"], [], "HTTP/2"), ("HTTP/1", ["http/1.1"], [], "HTTP/1.1"), ("no ALPN", [], [], "HTTP/1.1"),
            ("nothing that we know", ["other"], [], "HTTP/1.1"),
            ("only HTTP/1 is offered", ["h2", "http/1.1"], ["http/1.1"], "HTTP/1.1"),
            ("only HTTP/2 is offered to one that has it not", ["http/1.1"], ["h2"], "HTTP/1.1"),
            ("something else is offered and taken", ["other"], ["other", "h2"], "HTTP/1.1"),
        ])
    func `what the endpoint chooses is spoken`(
        name: String, takes: [String], offers: [String], spoken: String
    ) async throws {
        let back = try await TLSBackend(protocols: takes)
        let front = try await back.front(cluster: { $0.tls?.common.applicationProtocols = offers })
        for _ in 0..<2 { #expect(try await front.get("/").hasSuffix("fine"), "\(name)") }
        #expect(try await front.log.first(2) == [String](repeating: "200 - \(spoken)", count: 2), "\(name)")
        #expect(try await back.harness.log.first(2) == [String](repeating: "static.test \(spoken)", count: 2), "\(name)")
        #expect(await back.harness.proxy.connectionCount() == 1, "\(name)")
        try await back.stop(front)
    }

    @Test func `a cluster of one protocol offers that one`() async throws {
        for (spoken, version) in [(Cluster.UpstreamProtocol.http1, "HTTP/1.1"), (.http2, "HTTP/2"), (.likeDownstream, "HTTP/1.1")] {
            let back = try await TLSBackend(protocols: ["h2", "http/1.1"])
            let front = try await back.front(spoken)
            #expect(try await front.get("/").hasSuffix("fine"))
            #expect(try await back.harness.log.first(1) == ["static.test \(version)"])
            try await back.stop(front)
        }
    }

    @Test func `without TLS there is nothing to choose`() async throws {
        let front = try await ProxyHarness()
        let upstream = try await TestUpstream(group: front.group, answer: TestUpstream.ok("plain"))
        try await front.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(cluster: { $0.upstreamProtocol = .negotiated }))
        for _ in 0..<2 { #expect(try await front.get("/").hasSuffix("plain")) }
        #expect(upstream.connectionCount == 1)
        try await front.stop()
    }

    @Test func `streams share a connection that is known for HTTP/2`() async throws {
        let back = try await TLSBackend(protocols: ["h2"])
        let front = try await back.front()
        #expect(try await front.get("/").hasSuffix("fine"))
        let many = [HTTP2TestClient.Request](repeating: .init(.post, "/", body: "abc"), count: 60)
        let answers = try await HTTP2TestClient.exchange(many, port: front.port, group: front.group)
        #expect(answers == [String](repeating: "200 fine", count: 60))
        let endpoint = await front.proxy.clusterStatus().first?.endpoints.first
        #expect(endpoint?.connectionsActive == 1)
        #expect(endpoint?.connectionsTotal == 1)
        try await back.stop(front)
    }

    /// Nobody knows yet that one connection would have done.
    @Test(arguments: [["h2"], ["http/1.1"]])
    func `a rush on an unknown endpoint keeps to the limit of connections`(protocols: [String]) async throws {
        let back = try await TLSBackend(protocols: protocols)
        let front = try await back.front(limits: CircuitLimits(maxConnections: 3))
        let many = [HTTP2TestClient.Request](repeating: .init(.get, "/"), count: 40)
        let answers = try await HTTP2TestClient.exchange(many, port: front.port, group: front.group)
        #expect(answers == [String](repeating: "200 fine", count: 40))
        #expect(await front.proxy.clusterStatus().first?.endpoints.first?.connectionsTotal == 3)
        let left = protocols == ["h2"] ? 1 : 3
        try await waitUntil("\(left) connections to be left", within: .seconds(10)) {
            await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == left
        }
        try await back.stop(front)
    }

    @Test(arguments: [["h2"], ["http/1.1"]])
    func `requests wait as far as they may`(protocols: [String]) async throws {
        let silent = try await RawServer()
        let back = try await TLSBackend(protocols: protocols, upstream: silent.port)
        let front = try await back.front(
            limits: CircuitLimits(maxConnections: 1, maxPendingRequests: 2),
            cluster: { $0.http2 = HTTP2Options(concurrentStreams: 1) })
        var clients: [RawConnection] = []
        for number in 1...3 {
            let client = try await RawConnection.open(port: front.port)
            try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
            try await waitUntil("\(number) requests are under way", within: .seconds(20)) {
                let endpoint = await front.proxy.clusterStatus().first?.endpoints.first
                return endpoint?.requestsActive == number && endpoint?.requestsPending == number - 1
            }
        }
        #expect(try await front.get("/").contains("overflow"))
        // One that waits leaves, the others are served one after the other.
        await clients[1].close()
        for (client, path) in [(clients[0], "/1"), (clients[2], "/3")] {
            let server = try await silent.connection(0)
            _ = try await server.receive("GET \(path) ")
            try await server.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")
            #expect(try await client.receive("\r\n\r\nx").text.hasPrefix("HTTP/1.1 200 "))
        }
        let endpoint = await front.proxy.clusterStatus().first?.endpoints.first
        #expect(endpoint?.requestsPending == 0)
        #expect(endpoint?.connectionsTotal == 1)
        for client in clients { await client.close() }
        try await back.stop(front)
        await silent.stop()
    }

    @Test(arguments: [["h2"], ["http/1.1"]])
    func `a connection that has carried enough makes way for another`(protocols: [String]) async throws {
        let back = try await TLSBackend(protocols: protocols)
        let front = try await back.front(cluster: { $0.maxRequestsPerConnection = 2 })
        for _ in 0..<6 { #expect(try await front.get("/").hasSuffix("fine")) }
        #expect(await front.proxy.clusterStatus().first?.endpoints.first?.connectionsTotal == 3)
        try await back.stop(front)
    }

    @Test func `an endpoint may change its mind`() async throws {
        let back = try await TLSBackend(protocols: ["http/1.1"])
        let front = try await back.front()
        for (number, protocols) in [["http/1.1"], ["h2"], ["http/1.1"]].enumerated() {
            try await back.choose(protocols)
            // Connections of the server's old settings go.
            try await waitUntil("the old connection is gone", within: .seconds(10)) {
                await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive ?? 1 <= (number == 0 ? 1 : 0)
            }
            #expect(try await front.get("/").hasSuffix("fine"))
        }
        #expect(try await front.log.first(3) == ["200 - HTTP/1.1", "200 - HTTP/2", "200 - HTTP/1.1"])
        try await back.stop(front)
    }

    @Test func `an endpoint that does not finish the handshake is given up in time, for all who wait`() async throws {
        let silent = try await RawServer()
        let back = try await TLSBackend(protocols: ["h2"])
        let front = try await back.front(
            format: "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%\n",
            cluster: {
                $0.endpointSource = .fixed(EndpointSet(endpoints: [Endpoint(address: .host("127.0.0.1", port: silent.port))]))
                $0.connectTimeout = .milliseconds(100)
            })
        let many = [HTTP2TestClient.Request](repeating: .init(.get, "/"), count: 5)
        let answers = try await HTTP2TestClient.exchange(many, port: front.port, group: front.group)
        #expect(answers.allSatisfy { $0.hasPrefix("503 upstream connect error") })
        let lines = try await front.log.first(5)
        #expect(lines.allSatisfy { $0 == "503 UF upstream_reset_before_response_started{connection_timeout}" }, "\(lines)")
        let endpoint = await front.proxy.clusterStatus().first?.endpoints.first
        #expect(endpoint?.connectionsActive == 0)
        #expect(endpoint?.requestsActive == 0)
        await silent.stop()
        try await back.stop(front)
    }

    @Test(arguments: [["h2"], ["http/1.1"]])
    func `a pool that is replaced finishes what it has`(protocols: [String]) async throws {
        let server = try await RawServer()
        let back = try await TLSBackend(protocols: protocols, upstream: server.port)
        let front = try await back.front(limits: CircuitLimits(maxConnections: 1))
        var clients: [RawConnection] = []
        for number in 1...2 {
            let client = try await RawConnection.open(port: front.port)
            try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            clients.append(client)
        }
        try await waitUntil("both requests are under way", within: .seconds(10)) {
            await front.proxy.clusterStatus().first?.endpoints.first?.requestsActive == 2
        }
        _ = try await server.connection(0).receive("GET /")
        try await front.proxy.apply(back.snapshot(.http1))
        for number in 0..<2 {
            // Streams of HTTP/2 came both at once, to the server on connections of their own.
            let connection = try await server.connection(protocols == ["h2"] ? number : 0)
            _ = await connection.receive(within: .seconds(10)) {
                $0.text.ranges(of: "GET /").count > (protocols == ["h2"] ? 0 : number)
            }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")
        }
        for client in clients {
            #expect(try await client.receive("\r\n\r\nx").text.hasPrefix("HTTP/1.1 200 "))
            await client.close()
        }
        try await waitUntil("the old pool's connection is gone", within: .seconds(10)) {
            await back.harness.proxy.connectionCount() == 0
        }
        await server.stop()
        try await back.stop(front)
    }
}
