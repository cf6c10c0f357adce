// SPDX-License-Identifier: Apache-2.0

/// What the machines need of a DeltaDiscoveryRequest.
package struct DeltaRequest: Sendable, Hashable {
    package var nonce: String
    package var errorMessage: String?
    package var subscribe: [String]
    package var unsubscribe: [String]
    package var initialVersions: [String: String]

    package init(
        nonce: String = "", errorMessage: String? = nil, subscribe: [String] = [], unsubscribe: [String] = [],
        initialVersions: [String: String] = [:]
    ) {
        self.nonce = nonce
        self.errorMessage = errorMessage
        self.subscribe = subscribe
        self.unsubscribe = unsubscribe
        self.initialVersions = initialVersions
    }
}

/// What goes into a DeltaDiscoveryResponse.
package struct DeltaPush: Sendable, Hashable {
    package var nonce: Nonce
    package var generation: String
    package var upserted: [XDSResource]
    package var removed: [String]
}
