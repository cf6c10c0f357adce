// SPDX-License-Identifier: Apache-2.0

/// The kinds that Malla serves, with their names in the API.
package enum ResourceKind: String, Sendable, Hashable, CaseIterable {
    case namespace = "Namespace"
    case service = "Service"
    case serviceAccount = "ServiceAccount"
    case virtualService = "VirtualService"
    case destinationRule = "DestinationRule"
    case serviceEntry = "ServiceEntry"
    case workloadEntry = "WorkloadEntry"
    case peerAuthentication = "PeerAuthentication"
    case authorizationPolicy = "AuthorizationPolicy"
    case telemetry = "Telemetry"

    package var name: String { rawValue }

    /// Empty for the core group.
    package var group: String {
        switch self {
        case .namespace, .service, .serviceAccount: ""
        case .virtualService, .destinationRule, .serviceEntry, .workloadEntry: "networking.istio.io"
        case .peerAuthentication, .authorizationPolicy: "security.istio.io"
        case .telemetry: "telemetry.istio.io"
        }
    }

    /// Newest first; the first one is how resources are stored.
    package var servedVersions: [String] {
        switch group {
        case "networking.istio.io": ["v1", "v1beta1", "v1alpha3"]
        case "security.istio.io": ["v1", "v1beta1"]
        case "telemetry.istio.io": ["v1", "v1alpha1"]
        default: ["v1"]
        }
    }

    package var storageVersion: String { "v1" }

    package var plural: String {
        switch self {
        case .serviceEntry: "serviceentries"
        case .workloadEntry: "workloadentries"
        case .authorizationPolicy: "authorizationpolicies"
        case .telemetry: "telemetries"
        default: singular + "s"
        }
    }

    package var singular: String { rawValue.lowercased() }

    package var shortNames: [String] {
        switch self {
        case .namespace: ["ns"]
        case .service: ["svc"]
        case .serviceAccount: ["sa"]
        case .virtualService: ["vs"]
        case .destinationRule: ["dr"]
        case .serviceEntry: ["se"]
        case .workloadEntry: ["we"]
        case .peerAuthentication: ["pa"]
        case .authorizationPolicy: ["ap"]
        case .telemetry: ["telemetry"]
        }
    }

    package var isNamespaced: Bool { self != .namespace }

    /// `networking.istio.io/v1`, `v1`.
    package func apiVersion(_ version: String) -> String { group.isEmpty ? version : "\(group)/\(version)" }

    package var storageAPIVersion: String { apiVersion(storageVersion) }

    /// `virtualservice.networking.istio.io`, as kubectl names a resource.
    package var qualifiedSingular: String { group.isEmpty ? singular : "\(singular).\(group)" }

    /// Nil when this kind is not served under that `apiVersion`.
    package init?(apiVersion: String, kind: String) {
        guard let found = ResourceKind(rawValue: kind),
            found.servedVersions.contains(where: { found.apiVersion($0) == apiVersion })
        else { return nil }
        self = found
    }

    /// What a person types: kind, plural, singular, short name, each also with `.group`; case does not matter.
    package init?(argument: String) {
        let wanted = argument.lowercased()
        let found = ResourceKind.allCases.first { kind in
            let names = [kind.plural, kind.singular] + kind.shortNames
            return names.contains { wanted == $0 || (!kind.group.isEmpty && wanted == "\($0).\(kind.group)") }
        }
        guard let found else { return nil }
        self = found
    }
}
