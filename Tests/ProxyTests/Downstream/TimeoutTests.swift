// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct TimeoutTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        var upstream = ScriptedUpstream.Step.silence
        var manager: @Sendable (inout HTTPConnectionManager) -> Void = { _ in }
        var route: @Sendable (inout ForwardAction) -> Void = { _ in }
        var cluster: @Sendable (inout Cluster) -> Void = { _ in }
        var answer: String
        var body: String
        var log: String
        var testDescription: String { self.name }
    }

    private static let short = Duration.milliseconds(30)
    private static let unfinished = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"
    private static let grpc = "GET / HTTP/1.1\r\nHost: a\r\ncontent-type: application/grpc\r\n"

    static let cases: [Case] = [
        Case(
            name: "a head that does not end", request: "GET / HTTP/1.1\r\nHo", manager: { $0.requestHeadersTimeout = short },
            answer: "408 Request Timeout", body: "request header timeout", log: "408 - request_header_timeout"),
        Case(
            name: "a head that does not end within the stream's idle time", request: "GE",
            manager: { $0.streamIdleTimeout = short },
            answer: "408 Request Timeout", body: "stream timeout", log: "408 SI stream_idle_timeout"),
        Case(
            name: "a body that does not end", request: unfinished, manager: { $0.requestTimeout = short },
            answer: "408 Request Timeout", body: "request timeout", log: "408 - request_overall_timeout"),
        Case(
            name: "an idle stream, by the client", request: unfinished, manager: { $0.streamIdleTimeout = short },
            answer: "408 Request Timeout", body: "stream timeout", log: "408 SI stream_idle_timeout"),
        Case(
            name: "an idle stream, by the upstream", manager: { $0.streamIdleTimeout = short }, answer: "504 Gateway Timeout",
            body: "stream timeout", log: "504 SI stream_idle_timeout"),
        Case(
            name: "a route's idle time", manager: { $0.streamIdleTimeout = .zero }, route: { $0.idleTimeout = short },
            answer: "504 Gateway Timeout", body: "stream timeout", log: "504 SI stream_idle_timeout"),
        Case(
            name: "a stream's duration", manager: { $0.maxStreamDuration = short }, answer: "504 Gateway Timeout",
            body: "downstream duration timeout", log: "504 DT max_duration_timeout"),
        Case(
            name: "a route's duration", request: unfinished, manager: { $0.maxStreamDuration = .seconds(50) },
            route: { $0.maxDuration = short }, answer: "408 Request Timeout", body: "downstream duration timeout",
            log: "408 DT max_duration_timeout"),
        Case(
            name: "a try's duration", cluster: { $0.maxStreamDuration = short }, answer: "408 Request Timeout",
            body: "upstream max stream duration reached", log: "408 UMSDR upstream_max_stream_duration_reached"),
        Case(
            name: "grpc-timeout", request: grpc + "grpc-timeout: 30m\r\n\r\n", route: { $0.maxGRPCTimeout = .zero },
            answer: "200 OK", body: "grpc-status: 4\r\n", log: "200 DT max_duration_timeout"),
        Case(
            name: "the route's timeout", route: { $0.timeout = short }, answer: "504 Gateway Timeout",
            body: "upstream request timeout", log: "504 UT response_timeout"),
        Case(
            name: "a try's idle time",
            route: {
                $0.timeout = .zero
                $0.retry = RetryPolicy(conditions: [], perTryIdleTimeout: short)
            }, answer: "504 Gateway Timeout", body: "upstream request timeout", log: "504 UT upstream_per_try_idle_timeout"),
        Case(
            name: "an answer that does not end", upstream: .answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
            route: { $0.timeout = short }, answer: "200 OK", body: "half", log: "200 UT response_timeout"),
    ]

    @Test(arguments: cases) func `each time that is over has its answer and its flag`(_ test: Case) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: test.upstream)
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: test.manager, route: test.route, cluster: test.cluster))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(test.request)
        let answer = try await client.wait(for: test.body)
        #expect(answer.hasPrefix("HTTP/1.1 \(test.answer)\r\n"))
        #expect(try await harness.log.first(1) == [test.log])
        await client.close()
        try await harness.stop()
    }

    @Test func `a connection with nothing to do is closed after its idle time, before and after a request`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200, body: "x"))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.connectionIdleTimeout = .seconds(3) }))
        let silent = try await WireClient(group: harness.group, port: harness.port)
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try await client.waitForEnd().hasSuffix("\r\n\r\nx"))
        #expect(try await silent.waitForEnd().isEmpty)
        try await harness.stop()
    }

    @Test func `a connection ends with its duration, or with its requests`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200, body: "x"))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { manager in
                manager.maxConnectionDuration = .milliseconds(20)
                manager.drainTimeout = .milliseconds(20)
            }))
        let silent = try await WireClient(group: harness.group, port: harness.port)
        try await silent.waitForEnd()
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.maxRequestsPerConnection = 2 }))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 3))
        let answers = try await client.waitForEnd()
        #expect(answers.ranges(of: "HTTP/1.1 200 ").count == 2)
        #expect(answers.ranges(of: "connection: close").count == 1)
        try await harness.stop()
    }
}
