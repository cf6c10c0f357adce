// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshModel
import MeshResources
import MeshTestKit
import Testing

/// Changed rules: whatever passes validation can be translated, and the proxies take all that comes of it.
@Suite struct TranslationMutationTests {
    private static let tokens = [
        "{}", "[]", "null", "true", "1.5", "\"\"", "-1", "0s", "1h", "1ms", "99999999h", "(", "[a-z]+", "*", "*.", "0.0.0.0/0",
        "::1", "auth-service", "user-service",
        "db", "nobody", "{regex: \"a|b\"}", "{exact: \"\"}", "{prefix: \"/\"}", "\"%\"", "\"%REQ(x)%\"", "\":path\"", "host",
        "shop/pay", "a b",
    ]

    @Test func `rules that are valid are rules that proxies take`() throws {
        let base = try Scenario.base()
        let seeds = try Scenario.names.map {
            try String(contentsOf: Scenario.root.appending(path: $0).appending(path: "input.yaml"), encoding: .utf8)
        }
        var taken = 0
        for var mutator in Mutator.rounds(150, tokens: Self.tokens) {
            let text = mutator.changed(mutator.pick(seeds))
            let rules = ManifestReader().read(text).compactMap(\.validated)
            guard !rules.isEmpty else { continue }
            taken += 1
            let keys = Set(rules.map(\.key))
            let mesh = MeshSnapshotBuilder().build(base.filter { !keys.contains($0.key) } + rules, generation: 1)
            do {
                _ = try SimulatedProxy.client(labels: nil, mesh: mesh)
                for name in ["auth-v1", "db-1"] { _ = try SimulatedProxy.server(name, mesh: mesh) }
            } catch {
                Issue.record("\(mutator): \(error) of\n\(text)")
            }
        }
        #expect(taken > 25)
    }
}
