// SPDX-License-Identifier: Apache-2.0

/// What a proxy says about its workload in `x-envoy-peer-metadata`, for labels only: nothing is decided by it. Values that a
/// peer sends are bounded; who the peer is comes from TLS alone.
package struct PeerMetadata: Sendable, Hashable {
    package static let headerName = "x-envoy-peer-metadata"
    package static let identifierHeaderName = "x-envoy-peer-metadata-id"
    /// Bytes of the header's value; longer ones are not read.
    package static let maximumHeaderLength = 8 * 1024
    /// Bytes of one value; longer ones count as absent.
    package static let maximumValueLength = 253

    package var name: String?
    package var namespace: String?
    package var workload: String?
    package var cluster: String?
    package var mesh: String?
    package var labels: [String: String]

    package init(
        name: String?, namespace: String?, workload: String?, cluster: String? = "Kubernetes", mesh: String? = nil,
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.namespace = namespace
        self.workload = workload
        self.cluster = cluster
        self.mesh = mesh
        self.labels = labels
    }

    package var canonicalService: String? {
        self.labels["service.istio.io/canonical-name"] ?? self.labels["app.kubernetes.io/name"] ?? self.labels["app"]
            ?? self.workload
    }

    package var canonicalRevision: String {
        self.labels["service.istio.io/canonical-revision"] ?? self.labels["app.kubernetes.io/version"] ?? self.labels["version"]
            ?? "latest"
    }

    /// - Parameter principal: The identity that TLS proved.
    package func peerLabels(principal: String?) -> PeerLabels {
        var labels = PeerLabels()
        let unknown = PeerLabels.unknownValue
        labels.workload = self.workload ?? unknown
        labels.namespace = self.namespace ?? unknown
        labels.canonicalService = self.canonicalService ?? unknown
        labels.canonicalRevision = self.canonicalRevision
        labels.app = self.labels["app"] ?? self.canonicalService ?? unknown
        labels.version = self.labels["version"] ?? self.canonicalRevision
        labels.cluster = self.cluster ?? unknown
        labels.principal = principal ?? unknown
        return labels
    }
}
