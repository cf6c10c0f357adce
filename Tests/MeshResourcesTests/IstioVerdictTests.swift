// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import Testing

/// Holds our verdict against Istio's, row by row, for every kind that we serve.
@Suite struct IstioVerdictTests {
    struct Row {
        var identity: String
        var isValid: Bool
        var hasWarning: Bool
        var message: String
        var object: ManifestValue
    }

    static func rows() throws -> [Row] {
        guard let file = TestFiles.shared("conformance/istio-validation.jsonl") else { return [] }
        var seen: [String: Int] = [:]
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let tree = try JSONTreeReader.read(Data(line.utf8))
            guard let object = tree["object"], let kind = object.string("kind"), ResourceKind(rawValue: kind) != nil else {
                return nil
            }
            let name = "\(tree.string("test") ?? "")/\(tree.string("name") ?? "")"
            seen[name, default: 0] += 1
            let count = seen[name] ?? 1
            return Row(
                identity: count == 1 ? name : "\(name)#\(count)", isValid: tree.bool("valid") ?? false,
                hasWarning: tree.bool("warning") ?? false, message: tree.string("message") ?? "", object: object)
        }
    }

    static func validate(_ object: ManifestValue) -> (accepted: Bool, diagnostics: [Diagnostic]) {
        switch ResourceDecoder.decode(object, defaultNamespace: "default") {
        case .failure(let refusal): return (false, [refusal.diagnostic])
        case .success(let resource):
            let outcome = ResourceValidation.validate(resource)
            return (outcome.resource != nil, outcome.diagnostics)
        }
    }

    @Test(.enabled(if: TestFiles.shared("conformance/istio-validation.jsonl") != nil, "no conformance data beside the project"))
    func `every verdict is Istio's, or a listed exception`() throws {
        let rows = try Self.rows()
        #expect(rows.count > 150)
        var exceptions = IstioVerdictExceptions.reasons
        var differences: [String] = []
        for row in rows {
            let ours = Self.validate(row.object)
            let isListed = exceptions.removeValue(forKey: row.identity) != nil
            guard ours.accepted != row.isValid else {
                if isListed { differences.append("\(row.identity): listed as an exception, but the verdicts agree") }
                continue
            }
            if isListed { continue }
            let said = ours.diagnostics.map { $0.rendered(file: nil) }.joined(separator: " | ")
            differences.append(
                "\(row.identity): Istio \(row.isValid ? "accepts" : "refuses (\(row.message))"), we said [\(said)] of \(JSONTreeWriter.compact(row.object["spec"] ?? .null))"
            )
        }
        for name in exceptions.keys.sorted() { differences.append("\(name): listed as an exception, but there is no such row") }
        #expect(differences.isEmpty, "\(differences.count) differences:\n\(differences.joined(separator: "\n"))")
    }

    @Test(.enabled(if: TestFiles.shared("conformance/istio-validation.jsonl") != nil, "no conformance data beside the project"))
    func `what Istio warns of, we warn of`() throws {
        var missing: [String] = []
        for row in try Self.rows() where row.isValid && row.hasWarning {
            guard IstioVerdictExceptions.warnings[row.identity] == nil else { continue }
            let ours = Self.validate(row.object)
            if ours.accepted, ours.diagnostics.isEmpty {
                missing.append("\(row.identity): \(row.message) \(JSONTreeWriter.compact(row.object["spec"] ?? .null))")
            }
        }
        #expect(missing.isEmpty, "\(missing.count) warnings missing:\n\(missing.joined(separator: "\n"))")
    }
}
