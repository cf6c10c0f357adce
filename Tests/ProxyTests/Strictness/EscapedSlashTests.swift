// SPDX-License-Identifier: Apache-2.0
import Proxy
import ProxyModel
import Testing

/// Clients that are sent to a path whose escaped slashes stand as what they are.
@Suite struct EscapedSlashTests {
    @Test(arguments: [
        ("/a%2Fb?x=%2F", "307", "/a/b?x=%2F"), ("/a%2F%2Fb", "307", "/a//b"), ("/a%5Cb", "307", "/a\\b"), ("/a", "200", nil),
        // These would name another host.
        ("/%2Fevil.test/x", "400", nil), ("/%5Cevil.test", "400", nil), ("/%2F%2Fevil.test", "400", nil),
        ("//evil.test%2Fx", "400", nil),
    ])
    func `nobody is sent to another host`(_ target: String, _ status: String, _ location: String?) async throws {
        let harness = try await ProxyHarness()
        let route = Route(
            name: "r", match: RouteMatch(path: .prefix("/")), action: .respond(DirectResponse(status: 200)))
        let table = RouteTable(name: "t", virtualHosts: [VirtualHost(name: "h", domains: ["*"], routes: [route])])
        var manager = HTTPConnectionManager(statPrefix: "s", routes: .inline(table), filters: [.router])
        manager.escapedSlashes = .redirected
        let listener = Listener(
            name: "l", address: .host("127.0.0.1", port: 0), filterChains: [FilterChain(terminal: .http(manager))])
        try await harness.proxy.apply(ProxySnapshot(listeners: ["l": listener], clusters: [:]))
        let answer = try await harness.get(target)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(answer.firstMatch(of: /location: ([^\r]*)/).map { String($0.1) } == location)
        try await harness.stop()
    }
}
