// SPDX-License-Identifier: Apache-2.0

/// What the machines need of a DiscoveryRequest.
package struct StateOfTheWorldRequest: Sendable, Hashable {
    /// Of the last response that the client accepted.
    package var version: String
    package var nonce: String
    package var errorMessage: String?
    package var names: [String]

    package init(version: String = "", nonce: String = "", errorMessage: String? = nil, names: [String] = []) {
        self.version = version
        self.nonce = nonce
        self.errorMessage = errorMessage
        self.names = names
    }
}

/// What goes into a DiscoveryResponse.
package struct StateOfTheWorldPush: Sendable, Hashable {
    package var nonce: Nonce
    package var version: String
    package var resources: [XDSResource]
    /// Of `resources`, those that are new or changed.
    package var changed: [String]

    package init(nonce: Nonce, version: String, resources: [XDSResource], changed: [String]) {
        self.nonce = nonce
        self.version = version
        self.resources = resources
        self.changed = changed
    }
}
