// SPDX-License-Identifier: Apache-2.0
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct ForwardedClientTests {
    @Test(arguments: [
        (false, 0, "1.2.3.4, 5.6.7.8", "5.6.7.8:0"), (false, 1, "1.2.3.4, 5.6.7.8", "1.2.3.4:0"),
        (false, 2, "1.2.3.4, 5.6.7.8", "-"), (true, 0, "1.2.3.4", "-"), (true, 1, "1.2.3.4", "1.2.3.4:0"),
        (true, 2, "1.2.3.4, 5.6.7.8", "1.2.3.4:0"), (false, 0, "::1", "[::1]:0"), (false, 0, "nobody", "-"),
    ])
    func `the log tells who the client is, and who called`(_ isEdge: Bool, _ hops: Int, _ told: String, _ logged: String)
        async throws
    {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200))
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: {
                $0.useRemoteAddress = isEdge
                $0.trustedHops = hops
                $0.accessLogs = [
                    AccessLogConfiguration(
                        path: "log", format: .text("%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%\n"))
                ]
            }))
        _ = try await harness.get("/", headers: "X-Forwarded-For: \(told)\r\n")
        let line = try #require(try await harness.log.first(1).first)
        let parts = line.split(separator: " ")
        #expect(parts.last?.hasPrefix("127.0.0.1:") == true)
        #expect(parts.first == (logged == "-" ? parts.last : logged[...]))
        try await harness.stop()
    }
}
