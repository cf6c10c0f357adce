// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Two proxies: the front one speaks HTTP/2 with the one behind it.
@Suite(.timeLimit(.minutes(1))) struct HTTP2UpstreamTests {
    private static func pair(
        _ answer: String, spoken: Cluster.UpstreamProtocol = .http2, requestsPerConnection: Int? = nil, routes: [Route] = []
    ) async throws -> (front: ProxyHarness, back: ProxyHarness) {
        let back = try await ProxyHarness()
        let upstream = try await TestUpstream(group: back.group, answer: answer)
        try await back.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port], routes: routes))
        let front = try await ProxyHarness()
        var snapshot = ProxyHarness.snapshot(ports: [back.port])
        snapshot.clusters["c"]?.upstreamProtocol = spoken
        snapshot.clusters["c"]?.maxRequestsPerConnection = requestsPerConnection
        try await front.proxy.apply(snapshot)
        return (front, back)
    }

    @Test func `HTTP/1 in, HTTP/2 between, HTTP/1 out`() async throws {
        let (front, back) = try await Self.pair(TestUpstream.ok("HEAD").replacing("4", with: "15"))
        let answer = try await front.exchange(
            "PUT /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("PUT /b HTTP/1.1"))
        // An answer that is nothing but a head says so where the protocol needs it.
        let empty = Route(name: "e", match: RouteMatch(path: .exact("/e")), action: .respond(DirectResponse(status: 200)))
        let (other, behind) = try await Self.pair("silence", routes: [empty])
        #expect(try await other.get("/e").contains("content-length: 0"))
        for harness in [front, back, other, behind] { try await harness.stop() }
    }

    @Test func `a hundred streams share one connection`() async throws {
        let (front, back) = try await Self.pair(TestUpstream.ok("fine"), spoken: .likeDownstream)
        let many = [HTTP2TestClient.Request](repeating: .init(.post, "/", body: "abc"), count: 100)
        let answers = try await HTTP2TestClient.exchange(many, port: front.port, group: front.group)
        #expect(answers == [String](repeating: "200 fine", count: 100))
        #expect(await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == 1)
        #expect(await back.proxy.connectionCount() == 1)
        for harness in [front, back] { try await harness.stop() }
    }

    @Test func `a connection that has carried enough makes way for another`() async throws {
        let (front, back) = try await Self.pair(TestUpstream.ok("fine"), requestsPerConnection: 2)
        for _ in 0..<5 { #expect(try await front.get("/").hasSuffix("fine")) }
        for harness in [front, back] { try await harness.stop() }
    }

    @Test func `an endpoint that is not there, or hangs up, is answered for`() async throws {
        let (front, back) = try await Self.pair("")
        let answers = try await HTTP2TestClient.exchange([.init(.get, "/")], port: front.port, group: front.group)
        #expect(answers[0].hasPrefix("503 upstream connect error"))
        try await back.stop()
        #expect(try await front.get("/").hasPrefix("HTTP/1.1 503"))
        try await front.stop()
    }
}
