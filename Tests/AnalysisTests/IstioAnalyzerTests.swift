// SPDX-License-Identifier: Apache-2.0
import Analysis
import Foundation
import MeshResources
import Testing

/// Our findings beside Istio's own, on the inputs of its tests.
@Suite struct IstioAnalyzerTests {
    private struct Row {
        var name: String
        var analyzer: String
        var inputs: [String]
        /// `IST0101 VirtualService ns/name`, sorted.
        var expected: [String]
    }

    /// Istio's analyzers whose findings concern kinds that we serve, and our checks of the same.
    private static let checks: [String: [MeshAnalysis.Check]] = [
        "service.PortNameAnalyzer": [.portNames],
        "virtualservice.ConflictingMeshGatewayHostsAnalyzer": [.meshHostConflicts],
        "authz.AuthorizationPoliciesAnalyzer": [.policySelectors, .policyNamespaces],
        "destinationrule.CaCertificateAnalyzer": [.serverVerification],
        "destinationrule.PodNotSelectedAnalyzer": [.destinationRuleHosts],
        "serviceentry.ProtocolAddressesAnalyzer": [.serviceEntryAddresses],
        "serviceentry.ConflictingServiceEntryProtocolAnalyzer": [.serviceEntryProtocols],
        "telemetry.SelectorAnalyzer": [.telemetrySelectors],
        "virtualservice.GatewayAnalyzer": [.gatewayReferences],
    ]

    /// Rows about what we do not have, and so say otherwise.
    private static let exceptions: [String: String] = [
        "virtualServiceKubernetesGateways": "gateways are not served: each reference is one to nothing",
        "host defined in virtualservice not found in the gateway": "gateways are not served",
        "host defined in virtualservice not found in the gateway(beta version)": "gateways are not served",
    ]

    private static var file: URL? {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let base =
            ProcessInfo.processInfo.environment["MALLA_SHARED"].map { URL(filePath: $0) }
            ?? here.appending(path: "../../../shared").standardizedFileURL
        let file = base.appending(path: "conformance/istio-analyzers.jsonl")
        return FileManager.default.fileExists(atPath: file.path()) ? file : nil
    }

    private static func rows() throws -> [Row] {
        guard let file else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let tree = try JSONTreeReader.read(Data(line.utf8))
            let expected = (tree["expected"]?.array ?? []).map { entry in
                let parts = entry.array?.compactMap(\.string) ?? []
                return "\(parts.first ?? "") \(parts.last ?? "")"
            }
            return Row(
                name: tree.string("name") ?? "", analyzer: tree.string("analyzer") ?? "",
                inputs: (tree["inputs"]?.members ?? []).compactMap(\.value.string), expected: expected.sorted())
        }
    }

    private static func resources(_ row: Row) -> [ValidatedResource] {
        let documents = row.inputs.map(WorkloadStandIns.replacingPods).flatMap { ManifestReader(defaultNamespace: "").read($0) }
        // Istio's analyzers look at what is there, valid or not.
        return documents.compactMap { document in
            document.validated ?? document.resource.map { ValidatedResource(stored: $0) }
        }
    }

    private static func origin(_ finding: Finding) -> String { "\(finding.code.rawValue) \(finding.origin)" }

    @Test(.enabled(if: file != nil, "no conformance data beside the project"))
    func `what Istio's analyzers find, ours find, and nothing else`() throws {
        let rows = try Self.rows().filter { Self.checks[$0.analyzer] != nil && Self.exceptions[$0.name] == nil }
        #expect(rows.count >= 14)
        for row in rows {
            let analysis = MeshAnalysis(Self.resources(row))
            let found = (Self.checks[row.analyzer] ?? []).flatMap(analysis.findings).map(Self.origin)
            // Istio reports some resources once however many reasons there are.
            #expect(Set(found) == Set(row.expected), "\(row.name)")
        }
    }

    @Test(.enabled(if: file != nil, "no conformance data beside the project"))
    func `the exceptions are rows`() throws {
        let names = Set(try Self.rows().map(\.name))
        #expect(names.isSuperset(of: Self.exceptions.keys))
    }
}
