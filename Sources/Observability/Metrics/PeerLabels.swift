// SPDX-License-Identifier: Apache-2.0

/// One side of a request, as Istio's metrics name it. What is not known is `unknown`.
package struct PeerLabels: Sendable, Hashable {
    package static let unknownValue = "unknown"

    package var workload = unknownValue
    package var namespace = unknownValue
    package var canonicalService = unknownValue
    package var canonicalRevision = unknownValue
    package var app = unknownValue
    package var version = unknownValue
    package var cluster = unknownValue
    /// `spiffe://…` from TLS, never from a header.
    package var principal = unknownValue

    package init() {}

    /// Reads `workload;namespace;canonical-service;canonical-revision;cluster`, the text in an endpoint's `istio` metadata.
    package init(endpointText text: String, principal: String? = nil) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        func part(_ index: Int) -> String {
            guard index < parts.count, !parts[index].isEmpty else { return Self.unknownValue }
            return parts[index]
        }
        self.workload = part(0)
        self.namespace = part(1)
        self.canonicalService = part(2)
        self.canonicalRevision = part(3)
        self.cluster = part(4)
        // Istio has no app and version in this text; a canonical service is made from exactly these labels.
        self.app = part(2)
        self.version = part(3)
        if let principal { self.principal = principal }
    }
}
