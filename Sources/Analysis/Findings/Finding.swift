// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Something that is wrong, or doubtful, about resources that are each valid alone.
package struct Finding: Sendable, Hashable, Comparable {
    package enum Severity: String, Sendable, Hashable { case error = "Error", warning = "Warning", info = "Info" }

    package typealias Code = FindingCode

    package var code: Code
    package var resource: ResourceKey
    /// `spec.http[0].route[1]`; empty for the resource as a whole.
    package var path: String
    package var message: String

    package var severity: Severity { code.severity }

    package init(_ code: Code, _ resource: ResourceKey, path: String = "", _ message: String) {
        self.code = code
        self.resource = resource
        self.path = path
        self.message = message
    }

    /// `VirtualService default/auth`, as istioctl names where a finding comes from.
    package var origin: String {
        let name = resource.namespace.isEmpty ? resource.name : "\(resource.namespace)/\(resource.name)"
        return "\(resource.kind.name) \(name)"
    }

    /// A line as istioctl prints it. `reference`: file and line, where they are known.
    package func line(reference: String? = nil) -> String {
        "\(severity.rawValue) [\(code.rawValue)] (\(origin)\(reference.map { " " + $0 } ?? "")) \(message)"
    }

    package static func < (left: Finding, right: Finding) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        return (left.code.rawValue, left.path, left.message) < (right.code.rawValue, right.path, right.message)
    }
}
