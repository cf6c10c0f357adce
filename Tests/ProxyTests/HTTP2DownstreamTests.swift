// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTP2DownstreamTests {
    @Test func `streams of one connection are routed on their own, also with bodies`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("HEAD").replacing("4", with: "15"))
        let missing = Route(
            name: "no", match: RouteMatch(path: .exact("/no")),
            action: .respond(DirectResponse(status: 418, body: Array("tea".utf8))))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port], routes: [missing]))
        let answers = try await HTTP2TestClient.exchange(
            [
                .init(.get, "/a"), .init(.get, "/no"), .init(.put, "/b", headers: [("content-length", "3")], body: "abc"),
                .init(.head, "/c"),
            ], port: harness.port, group: harness.group)
        #expect(answers == ["200 GET /a HTTP/1.1", "418 tea", "200 PUT /b HTTP/1.1", "200 "])
        try await harness.stop()
    }

    @Test func `a hundred streams at once, and a connection that failed behind them`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        let many = [HTTP2TestClient.Request](repeating: .init(.get, "/"), count: 100)
        let answers = try await HTTP2TestClient.exchange(many, port: harness.port, group: harness.group)
        #expect(answers == [String](repeating: "200 fine", count: 100))
        try await harness.stop()
    }

    @Test func `what is malformed is reset, and a head that is too large gets 431`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        let answers = try await HTTP2TestClient.exchange(
            [
                .init(.get, "/", headers: [("te", "gzip")]), .init(.get, "/x y"),
                .init(.get, "/", headers: [("x", String(repeating: "z", count: 70_000))]), .init(.get, "/"),
                .init(.put, "/", headers: [("content-length", "2")], body: "abc"),
            ], port: harness.port, group: harness.group)
        #expect(answers == ["reset 1", "reset 1", "431 ", "200 fine", "reset 1"])
        try await harness.stop()
    }
}
