// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import Testing

/// The YAML of the two documents that the project starts from: each block applies, or is refused for exactly the known reasons.
@Suite struct BriefTests {
    /// One resource of a block.
    struct Expectation: Equatable {
        var isApplied: Bool
        /// `code path` of each error, in the order of the file.
        var errors: [String] = []
        var warnings: [String] = []
    }

    private static let handshakes = "noEffect spec.trafficPolicy.connectionPool.http.maxRequestsPerConnection"
    private static let consecutiveErrors = "deprecated spec.trafficPolicy.outlierDetection.consecutiveErrors"
    private static let misplaced = [
        "consecutiveGatewayErrors", "interval", "baseEjectionTime", "maxEjectionPercent", "minHealthPercent",
    ]

    static let expectations: [String: [Expectation]] = [
        "a1-pod-diagram.yaml": [.init(isApplied: false, errors: ["syntax "])],
        "a2-virtual-service-canary.yaml": [.init(isApplied: true)],
        "a3-destination-rule-circuit-breaker.yaml": [.init(isApplied: true, warnings: [handshakes, consecutiveErrors])],
        "a4-virtual-service-timeouts-retries.yaml": [
            .init(
                isApplied: false, errors: ["required spec.http[0]"],
                warnings: ["noEffect spec.hosts", "noEffect spec.http[0].timeout"])
        ],
        "a5-peer-authentication.yaml": [.init(isApplied: true)],
        "a6-authorization-policy.yaml": [.init(isApplied: true)],
        "a7-deployment.yaml": [.init(isApplied: false, errors: ["notServed kind"])],
        "a8-virtual-service-timeout.yaml": [.init(isApplied: true)],
        "b1-virtual-service.yaml": [.init(isApplied: false, errors: ["unknownField spec.retries", "unknownField spec.fault"])],
        "b2-destination-rule.yaml": [
            .init(
                isApplied: false, errors: misplaced.map { "unknownField spec.trafficPolicy.connectionPool.http.\($0)" },
                warnings: ["deprecated spec.trafficPolicy.loadBalancer.simple", handshakes, consecutiveErrors])
        ],
        "b3-peer-authentication.yaml": [.init(isApplied: true), .init(isApplied: true)],
        "b4-authorization-policy.yaml": [.init(isApplied: true, warnings: ["noEffect spec.rules[1].to[0].operation.methods"])],
        "b5-circuit-breaker.yaml": [.init(isApplied: true, warnings: [handshakes, consecutiveErrors])],
        "b6-telemetry.yaml": [
            .init(isApplied: true, warnings: ["noEffect spec.tracing[0].randomSamplingPercentage", "notActedOn spec.tracing[0]"])
        ],
    ]

    private static func outcome(_ text: String) -> [Expectation] {
        ManifestReader().read(text).map { document in
            let listed = document.diagnostics.map { (isError: $0.isError, text: "\($0.code) \($0.path)") }
            return Expectation(
                isApplied: document.validated != nil, errors: listed.filter(\.isError).map(\.text),
                warnings: listed.filter { !$0.isError }.map(\.text))
        }
    }

    @Test func `each block applies, or is refused for exactly the known reasons`() throws {
        let fixtures = try TestFiles.fixtures("Brief")
        #expect(Set(fixtures.map(\.name)) == Set(Self.expectations.keys))
        for (name, text) in fixtures {
            #expect(Self.outcome(text) == Self.expectations[name], "\(name)")
        }
    }

    @Test func `a misplaced field is told where it belongs, with its line`() throws {
        let fixtures = Dictionary(uniqueKeysWithValues: try TestFiles.fixtures("Brief").map { ($0.name, $0.text) })
        let service = ManifestReader().read(fixtures["b1-virtual-service.yaml"] ?? "").first?.diagnostics ?? []
        #expect(
            service.map { $0.rendered(file: "vs.yaml") } == [
                "vs.yaml:30: error: `spec.retries` is not a field of VirtualService; retries belongs under `spec.http[]`",
                "vs.yaml:35: error: `spec.fault` is not a field of VirtualService; fault belongs under `spec.http[]`",
            ])
        let rule = ManifestReader().read(fixtures["b2-destination-rule.yaml"] ?? "").first?.diagnostics ?? []
        let homes = rule.filter(\.isError).map(\.message)
        #expect(homes.count == 5)
        #expect(homes.allSatisfy { $0.contains("belongs under `spec.trafficPolicy.outlierDetection`") })
        #expect(rule.filter(\.isError).map(\.position?.line) == [19, 20, 21, 22, 23])
    }

    private static var documents: [URL] {
        guard let folder = TestFiles.shared("brief") else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".md") }.sorted().map { folder.appendingPathComponent($0) }
    }

    @Test(.enabled(if: !documents.isEmpty, "the two documents are not beside the project"))
    func `the fixtures are the blocks of the documents`() throws {
        var blocks: [String] = []
        for document in Self.documents {
            let text = String(decoding: try Data(contentsOf: document), as: UTF8.self)
            for piece in text.components(separatedBy: "```yaml\n").dropFirst() {
                blocks.append(piece.components(separatedBy: "```").first ?? "")
            }
        }
        let fixtures = try TestFiles.fixtures("Brief").map(\.text)
        #expect(blocks.count == fixtures.count)
        for (block, fixture) in zip(blocks, fixtures) { #expect(Self.outcome(block) == Self.outcome(fixture)) }
    }
}
