// SPDX-License-Identifier: Apache-2.0
import Analysis
import MeshResources

/// A finding with the place it has in a file; in istioctl's two shapes.
struct ReportedFinding: Sendable {
    var code: Finding.Code
    /// `VirtualService default/auth`; empty where a document does not say what it is.
    var origin: String
    var namespace: String
    /// `mesh.yaml:12`
    var reference: String?
    var message: String

    var severity: Finding.Severity { code.severity }

    /// Of the resource alone, not of the mesh.
    var isOfSchema: Bool { code == .schemaWarning || code == .schemaValidationError }

    var line: String {
        let place = [origin, reference ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(severity.rawValue) [\(code.rawValue)] (\(place)) \(message)"
    }

    var tree: ManifestValue {
        [
            "code": .init(.string(code.rawValue)), "level": .init(.string(severity.rawValue)), "origin": .init(.string(origin)),
            "reference": .init(.string(reference ?? "")), "message": .init(.string(message)),
        ]
    }
}
