// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private static func snapshot(_ fault: FaultPolicy, port: Int, timeout: Duration = .seconds(20)) -> ProxySnapshot {
        let route = Route(
            name: "f", match: RouteMatch(path: .prefix("/")),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: timeout)),
            filters: ["envoy.filters.http.fault": .fault(fault)])
        return ProxyHarness.snapshot(ports: [port], routes: [route], filters: [.fault(nil), .router]).with()
    }

    @Test func `a delay holds the request and its body back, then lets it go`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .echo(bytes: 4))
        let delay = FaultPolicy(delay: .init(duration: .milliseconds(60), fraction: .all))
        try await harness.proxy.apply(Self.snapshot(delay, port: upstream.port))
        let before = ContinuousClock.now
        let answer = try await harness.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody")
        #expect(ContinuousClock.now - before >= .milliseconds(60))
        #expect(answer.hasSuffix("\r\n\r\nbody"))
        #expect(try await harness.log.first(1) == ["200 DI via_upstream"])
        try await harness.stop()
    }

    @Test func `a request that is held back is idle, also where its timeout is shorter`() async throws {
        let harness = try await ProxyHarness()
        let delay = FaultPolicy(delay: .init(duration: .seconds(30), fraction: .all))
        try await harness.proxy.apply(
            Self.snapshot(delay, port: 1, timeout: .milliseconds(10)).with(manager: { $0.streamIdleTimeout = .milliseconds(40) }))
        #expect(try await harness.get("/").hasPrefix("HTTP/1.1 504 "))
        #expect(try await harness.log.first(1) == ["504 DI,SI stream_idle_timeout"])
        try await harness.stop()
    }

    @Test func `a delay and an abort come one after the other`() async throws {
        let harness = try await ProxyHarness()
        let both = FaultPolicy(
            delay: .init(duration: .milliseconds(5), fraction: .all), abort: .init(status: .http(503), fraction: .all))
        try await harness.proxy.apply(Self.snapshot(both, port: 1))
        let answer = try await harness.get("/")
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.hasSuffix("fault filter abort"))
        #expect(try await harness.log.first(1) == ["503 DI,FI fault_filter_abort"])
        try await harness.stop()
    }

    @Test func `an abort may be a gRPC status, and a client that leaves during a delay is noted`() async throws {
        let harness = try await ProxyHarness()
        try await harness.proxy.apply(
            Self.snapshot(FaultPolicy(abort: .init(status: .grpc(14), fraction: .all)), port: 1))
        let answer = try await harness.get("/", headers: "content-type: application/grpc\r\n")
        #expect(answer.contains("grpc-status: 14\r\n"))
        #expect(answer.contains("grpc-message: fault filter abort\r\n"))
        try await harness.proxy.apply(
            Self.snapshot(FaultPolicy(delay: .init(duration: .seconds(30), fraction: .all)), port: 1))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await client.close()
        #expect(try await harness.log.first(2).last == "0 DI,DC downstream_remote_disconnect")
        try await harness.stop()
    }
}
