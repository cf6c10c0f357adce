// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
    private static func policy(
        _ conditions: Set<RetryPolicy.Condition>, retries: Int = 2, perTry: Duration? = nil, codes: Set<UInt16> = []
    ) -> RetryPolicy {
        RetryPolicy(
            conditions: conditions, retries: retries, perTryTimeout: perTry, statusCodes: codes, avoidsPreviousHosts: true,
            hostSelectionAttempts: 5, baseInterval: .milliseconds(1))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var condition: RetryPolicy.Condition
        var first: ScriptedUpstream.Step
        var isRetried = true
        var codes: Set<UInt16> = []
        var perTry: Duration?
        var testDescription: String { self.name }
    }

    static let cases: [Case] = [
        Case(name: "5xx", condition: .serverError, first: ScriptedUpstream.status(500)),
        Case(name: "5xx does not name 404", condition: .serverError, first: ScriptedUpstream.status(404), isRetried: false),
        Case(name: "gateway error", condition: .gatewayError, first: ScriptedUpstream.status(502, body: "sorry")),
        Case(
            name: "gateway error does not name 500", condition: .gatewayError, first: ScriptedUpstream.status(500), isRetried: false
        ),
        Case(name: "409", condition: .retriable4xx, first: ScriptedUpstream.status(409)),
        Case(name: "codes", condition: .retriableStatusCodes, first: ScriptedUpstream.status(418), codes: [418]),
        Case(name: "reset", condition: .reset, first: .reset),
        Case(name: "closed without an answer", condition: .reset, first: .close),
        Case(name: "connect-failure does not name a reset", condition: .connectFailure, first: .reset, isRetried: false),
        Case(name: "reset-before-request does not name one after", condition: .resetBeforeRequest, first: .reset, isRetried: false),
        Case(
            name: "rate limited is not a server error", condition: .serverError,
            first: ScriptedUpstream.status(503, headers: "x-envoy-ratelimited: true\r\n"), isRetried: false),
        Case(
            name: "rate limited", condition: .envoyRateLimited,
            first: ScriptedUpstream.status(429, headers: "x-envoy-ratelimited: true\r\n")),
        Case(
            name: "gRPC unavailable", condition: .grpcUnavailable,
            first: ScriptedUpstream.status(200, headers: "grpc-status: 14\r\n")),
        Case(name: "per-try timeout", condition: .serverError, first: .silence, perTry: .milliseconds(30)),
        Case(
            name: "per-try timeout that the policy does not name", condition: .connectFailure, first: .silence, isRetried: false,
            perTry: .milliseconds(30)),
    ]

    @Test(arguments: cases) func `what the policy names is tried again, elsewhere`(_ test: Case) async throws {
        let harness = try await ProxyHarness()
        let count = Mutex(0)
        let script: @Sendable (Int, String) -> ScriptedUpstream.Step = { _, _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number == 1 ? test.first : ScriptedUpstream.status(200, body: "fine")
        }
        let one = try await ScriptedUpstream(group: harness.group, script)
        let two = try await ScriptedUpstream(group: harness.group, script)
        let policy = Self.policy([test.condition], perTry: test.perTry, codes: test.codes)
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [one.port, two.port], retry: policy).with(includesAttemptCount: true))
        let answer = try await harness.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody")
        #expect(answer.hasSuffix("fine") == test.isRetried)
        if test.isRetried {
            #expect(one.requests.count == 1)
            #expect(two.requests.count == 1)
            let requests = (one.requests + two.requests).sorted { $0.contains("count: 1\r\n") && !$1.contains("count: 1\r\n") }
            #expect(requests.first?.contains("x-envoy-attempt-count: 1\r\n") == true)
            #expect(requests.last?.contains("x-envoy-attempt-count: 2\r\n") == true)
            #expect(requests.allSatisfy { $0.hasSuffix("\r\n\r\nbody") })
            #expect(try await harness.log.first(1) == ["200 - via_upstream"])
        } else {
            #expect(one.requests.count + two.requests.count == 1)
        }
        try await harness.stop()
    }

    @Test func `a connection that fails is tried again where the policy says so`() async throws {
        let harness = try await ProxyHarness()
        let good = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [1, good.port], retry: Self.policy([.connectFailure])).with())
        for _ in 0..<10 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 200 ")) }
        #expect(try await harness.log.first(10).allSatisfy { $0 == "200 - via_upstream" })
        try await harness.stop()
    }

    @Test func `tries end with the policy's, and the log says that they did`() async throws {
        let harness = try await ProxyHarness()
        let bad = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(503, body: "no"))
        let shut = try await ScriptedUpstream(group: harness.group, always: .close)
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [bad.port], retry: Self.policy([.serverError], retries: 3)).with())
        let answer = try await harness.get("/")
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.hasSuffix("\r\n\r\nno"))
        #expect(bad.requests.count == 4)
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [shut.port], retry: Self.policy([.reset], retries: 1)).with())
        let reset = try await harness.get("/")
        #expect(reset.hasPrefix("HTTP/1.1 503 "))
        #expect(reset.hasSuffix("retried and the latest reset reason: connection termination"))
        let expected = "503 UC,URX upstream_reset_before_response_started{connection_termination}"
        #expect(try await harness.log.first(2) == ["503 URX via_upstream", expected])
        try await harness.stop()
    }

    @Test func `retries beyond the cluster's limit are not made`() async throws {
        let harness = try await ProxyHarness()
        let bad = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(503))
        let none = CircuitLimits(maxRetries: 0)
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [bad.port], retry: Self.policy([.serverError]), limits: none).with())
        #expect(try await harness.get("/").hasPrefix("HTTP/1.1 503 "))
        #expect(bad.requests.count == 1)
        // A budget takes the limit's place; its least number counts when there is little traffic. Slots are given back.
        let budget = CircuitLimits(maxRetries: 0, retryBudget: .init(percent: 0, minimumConcurrency: 1))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [bad.port], retry: Self.policy([.serverError]), limits: budget).with())
        for _ in 0..<5 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 503 ")) }
        #expect(bad.requests.count == 1 + 5 * 3)
        #expect(try await harness.log.first(2) == ["503 UO via_upstream", "503 URX via_upstream"])
        try await harness.stop()
    }

    @Test func `a body over the limit is sent once`() async throws {
        let harness = try await ProxyHarness()
        let bad = try await ScriptedUpstream(group: harness.group) { number, text in
            text.utf8.count > 1000 || number > 0 ? ScriptedUpstream.status(503) : .silence
        }
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [bad.port], retry: Self.policy([.serverError, .reset]), timeout: .seconds(20)).with())
        let body = String(repeating: "x", count: 200_000)
        let answer = try await harness.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        try await harness.stop()
    }

    @Test func `nothing is tried again once the client has the head`() async throws {
        let harness = try await ProxyHarness()
        let cut = try await ScriptedUpstream(
            group: harness.group, always: .cut("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [cut.port], retry: Self.policy([.serverError, .reset])).with())
        let answer = try await harness.get("/")
        #expect(answer.hasSuffix("\r\n\r\nhalf"))
        #expect(cut.requests.count == 1)
        #expect(
            try await harness.log.first(1) == ["200 UC upstream_reset_after_response_started{connection_termination}"])
        try await harness.stop()
    }

    @Test func `gRPC callers get their answers in gRPC's shape`() async throws {
        let harness = try await ProxyHarness()
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [1]).with())
        let answer = try await harness.get("/", headers: "content-type: application/grpc\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("grpc-status: 14\r\n"))
        #expect(answer.contains("grpc-message: upstream connect error"))
        try await harness.stop()
    }
}
