// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import MeshResources

@Suite struct HostNamesTests {
    private static let hosts = ["*", "a", "A.b", "*.b", "a.b", "x.a.b", "*.a.b", "b", "*.c", "a.bb", "*.B", "x.y.z", "*.x.y.z"]

    /// Whether the names that `pattern` stands for include all that `name` stands for.
    private func covers(_ pattern: String, _ name: String) -> Bool {
        let (pattern, name) = (pattern.lowercased(), name.lowercased())
        if pattern == "*" || pattern == name { return true }
        return pattern.hasPrefix("*") && name.hasSuffix(pattern.dropFirst()) && name.count >= pattern.count
    }

    @Test(arguments: hosts, hosts)
    func `one host covers and overlaps another as the rule says`(_ earlier: String, _ later: String) {
        var names = HostNames()
        names.insert(earlier, at: 7)
        #expect((names.cover(of: later) == 7) == covers(earlier, later))
        #expect((names.overlap(with: later) == 7) == (covers(earlier, later) || covers(later, earlier)))
    }

    @Test func `of several the first is named`() {
        var names = HostNames()
        for (index, host) in ["q", "x.a.b", "*.a.b", "*.b"].enumerated() { names.insert(host, at: index) }
        #expect(names.overlap(with: "*.a.b") == 1)
        #expect(names.overlap(with: "y.a.b") == 2)
        #expect(names.cover(of: "y.b") == 3)
        #expect(names.overlap(with: "*") == 0)
        #expect(names.overlap(with: "p") == nil)
        #expect(names.overlap(with: String(repeating: "a.", count: 500_000)) == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a VirtualService of sixty thousand hosts is checked without holding anybody up`() throws {
        let hosts = (0..<60_000).map { "h\($0).example.com" }.joined(separator: ", ")
        let text = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a}
            spec:
              hosts: [\(hosts)]
              http: [{route: [{destination: {host: a}}]}]
            """
        #expect(ManifestReader().read(text).map(\.hasErrors) == [false])
    }
}
