// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct OutlierTests {
    static let unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"

    private func status(_ harness: ProxyHarness, port: Int) async -> EndpointStatus? {
        await harness.proxy.clusterStatus().first?.endpoints.first { $0.address == "127.0.0.1:\(port)" }
    }

    @Test func `failures in a row are counted over all event loops`() async throws {
        let harness = try await ProxyHarness(threads: 3)
        let good = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("good"))
        let bad = try await TestUpstream(group: harness.group, answer: Self.unavailable)
        let outlier = OutlierPolicy(consecutive5xx: 4, maxEjectionPercent: 50)
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [good.port, bad.port], outlier: outlier))
        var failed = 0
        for _ in 0..<30 where !(try await harness.get("/").hasPrefix("HTTP/1.1 200 ")) { failed += 1 }
        #expect(failed == 4)
        let status = await self.status(harness, port: bad.port)
        #expect(status?.isEjected == true)
        #expect(status?.requestsTotal == 4)
        #expect(await harness.proxy.clusterStatus().first?.ejectionsTotal == 1)
        try await harness.stop()
    }

    @Test func `an ejected endpoint returns after its time`() async throws {
        let time = TestTime()
        let harness = try await ProxyHarness(clock: MonotonicClock { time.nanoseconds.load(ordering: .relaxed) })
        let bad = try await TestUpstream(group: harness.group, answer: Self.unavailable)
        // The sweep looks every 2 ms whether the clock of the test says that it is time.
        let outlier = OutlierPolicy(
            consecutive5xx: 2, interval: .milliseconds(2), baseEjectionTime: .seconds(30), maxEjectionPercent: 100)
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [bad.port], outlier: outlier))
        for _ in 0..<2 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 503 ")) }
        #expect(await self.status(harness, port: bad.port)?.isEjected == true)
        time.advance(seconds: 29)
        for _ in 0..<5 { #expect(try await harness.get("/").hasSuffix("no healthy upstream")) }
        time.advance(seconds: 1)
        try await waitUntil("the endpoint returns", within: .seconds(10)) {
            await self.status(harness, port: bad.port)?.isEjected == false
        }
        #expect(try await harness.get("/").hasSuffix("\r\n\r\n"))
        #expect(await harness.proxy.clusterStatus().first?.ejectionsTotal == 1)
        try await harness.stop()
    }

    @Test func `a failure percentage ejects at the end of an interval`() async throws {
        let harness = try await ProxyHarness(threads: 2)
        let good = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("good"))
        let bad = try await TestUpstream(group: harness.group, answer: Self.unavailable)
        var outlier = OutlierPolicy(consecutive5xx: 0, interval: .milliseconds(20), maxEjectionPercent: 50)
        outlier.failurePercentage = .init(threshold: 90, minimumHosts: 1, requestVolume: 1, enforcing: 100)
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [good.port, bad.port], outlier: outlier))
        try await waitUntil("the bad one is ejected", within: .seconds(20)) {
            _ = try await harness.get("/")
            return await self.status(harness, port: bad.port)?.isEjected == true
        }
        #expect(await self.status(harness, port: good.port)?.isEjected == false)
        try await harness.stop()
    }

    @Test func `endpoints that stay keep their ejection and their counts`() async throws {
        let harness = try await ProxyHarness()
        let good = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("good"))
        let bad = try await TestUpstream(group: harness.group, answer: Self.unavailable)
        let outlier = OutlierPolicy(consecutive5xx: 2, maxEjectionPercent: 100)
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [bad.port], outlier: outlier))
        for _ in 0..<2 { _ = try await harness.get("/") }
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [good.port, bad.port], outlier: outlier))
        for _ in 0..<4 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 200 ")) }
        let kept = await self.status(harness, port: bad.port)
        #expect(kept?.isEjected == true)
        #expect(kept?.requestsTotal == 2)
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [good.port], outlier: outlier))
        #expect(await self.status(harness, port: bad.port) == nil)
        try await harness.stop()
    }
}

/// Time that passes when the test says so.
private final class TestTime: Sendable {
    let nanoseconds = Atomic<UInt64>(0)

    func advance(seconds: UInt64) { self.nanoseconds.wrappingAdd(seconds * 1_000_000_000, ordering: .relaxed) }
}
