// SPDX-License-Identifier: Apache-2.0

/// The service that a request was for: from the cluster's `istio` metadata.
package struct ServiceLabels: Sendable, Hashable {
    /// The host: `auth.default.svc.cluster.local`.
    package var host: String
    package var name: String
    package var namespace: String

    package init(
        host: String = PeerLabels.unknownValue, name: String = PeerLabels.unknownValue,
        namespace: String = PeerLabels.unknownValue
    ) {
        self.host = host
        self.name = name
        self.namespace = namespace
    }
}
