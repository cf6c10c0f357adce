// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import Testing

/// What is accepted though nothing acts on it is said.
@Suite struct InertFieldTests {
    private static func warnings(_ text: String) -> [String] {
        ManifestReader().read(text).flatMap(\.diagnostics).filter { $0.code == .notActedOn }.map(\.path)
    }

    @Test func `each place is named`() {
        let rule = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: a}
            spec:
              host: a
              trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}
              subsets:
              - {name: v1, labels: {version: v1}}
              - name: v2
                labels: {version: v2}
                trafficPolicy: {loadBalancer: {simple: RANDOM, warmupDurationSecs: 1s}}
            """
        #expect(
            Self.warnings(rule) == [
                "spec.trafficPolicy.loadBalancer.simple",
                "spec.subsets[1].trafficPolicy.loadBalancer.warmupDurationSecs",
            ])
    }

    @Test func `only the values that do nothing`() {
        let policy = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: a}
            spec:
              rules:
              - when: [{key: source.namespace, values: [a]}, {key: "request.auth.claims[sub]", values: [a]}]
            """
        #expect(Self.warnings(policy) == ["spec.rules[0].when[1].key"])
        #expect(ManifestReader().read(policy).allSatisfy { $0.validated != nil })
    }

    @Test func `the page lists them all`() throws {
        let page = TestFiles.here.appendingPathComponent("../../docs/not-acted-on.md").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        let own = InertFields.all.filter {
            $0.kind != .destinationRule || ($0.path.hasPrefix("spec.trafficPolicy.") && !$0.path.contains("portLevel"))
        }
        for field in own {
            #expect(text.contains("`\(field.path)`") && text.contains(field.consequence), "\(field.path)")
        }
        #expect(text.components(separatedBy: "| `spec.").count - 1 == own.count)
    }
}
