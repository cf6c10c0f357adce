// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Something that is wrong, or doubtful, about resources that are each valid alone.
package struct Finding: Sendable, Hashable, Comparable {
    package enum Severity: String, Sendable, Hashable { case error = "Error", warning = "Warning", info = "Info" }

    /// Istio's codes and names.
    package enum Code: String, Sendable, Hashable {
        case referencedResourceNotFound = "IST0101"
        case conflictingMeshHosts = "IST0109"
        case noMatchingWorkloads = "IST0127"
        case unreachableRule = "IST0130"
        case invalidTelemetryProvider = "IST0157"
        case multipleTelemetries = "IST0160"
        case subsetSelectsNothing = "IST0173"
        case unknownDestinationRuleHost = "IST0174"

        package var severity: Severity {
            switch self {
            case .referencedResourceNotFound, .conflictingMeshHosts, .multipleTelemetries, .subsetSelectsNothing: .error
            case .noMatchingWorkloads, .unreachableRule, .invalidTelemetryProvider, .unknownDestinationRuleHost: .warning
            }
        }
    }

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

    package static func < (left: Finding, right: Finding) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        return (left.code.rawValue, left.path, left.message) < (right.code.rawValue, right.path, right.message)
    }
}
