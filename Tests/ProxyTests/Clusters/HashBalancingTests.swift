// SPDX-License-Identifier: Apache-2.0
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct HashBalancingTests {
    private func snapshot(_ ports: [Int], _ policy: HashPolicy, _ balancing: BalancingPolicy) -> ProxySnapshot {
        let route = Route(
            name: "hashed", match: RouteMatch(path: .prefix("/")),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: .zero, hashPolicies: [policy])))
        var snapshot = ProxyHarness.snapshot(ports: ports, routes: [route])
        snapshot.clusters["c"]?.balancing = balancing
        return snapshot
    }

    @Test(arguments: [BalancingPolicy.ringHash(minimumSize: 1024, maximumSize: 8192), .maglev(tableSize: 65537)])
    func `requests with the same header go to the same endpoint, on every loop`(balancing: BalancingPolicy) async throws {
        let harness = try await ProxyHarness(threads: 2)
        var ports: [Int] = []
        for name in ["a", "b", "c"] {
            ports.append(try await TestUpstream(group: harness.group, answer: TestUpstream.ok(name)).port)
        }
        try await harness.proxy.apply(self.snapshot(ports, .header("x-user", terminal: true), balancing))
        var seen: Set<Substring> = []
        for user in 0..<12 {
            var answers: Set<Substring> = []
            for _ in 0..<4 { answers.insert(try await harness.get("/", headers: "x-user: \(user)\r\n").suffix(1)) }
            #expect(answers.count == 1)
            seen.formUnion(answers)
        }
        #expect(seen.count > 1)
        try await harness.stop()
    }

    @Test func `a cookie is made once and then keeps the client where it is`() async throws {
        let harness = try await ProxyHarness()
        var ports: [Int] = []
        for name in ["a", "b", "c"] {
            ports.append(try await TestUpstream(group: harness.group, answer: TestUpstream.ok(name)).port)
        }
        let policy = HashPolicy.cookie(name: "session", path: "/", ttl: .seconds(60), terminal: true)
        try await harness.proxy.apply(self.snapshot(ports, policy, .maglev(tableSize: 65537)))
        let first = try await harness.get("/")
        let cookie = try #require(first.firstMatch(of: /set-cookie: (session=[^;]+); Max-Age=60; Path=\/; HttpOnly/)?.1)
        for _ in 0..<4 {
            let next = try await harness.get("/", headers: "cookie: \(cookie)\r\n")
            #expect(next.suffix(1) == first.suffix(1))
            #expect(!next.contains("set-cookie"))
        }
        try await harness.stop()
    }
}
