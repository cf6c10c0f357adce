// SPDX-License-Identifier: Apache-2.0

/// Where a resource, or all of a type, comes from.
package enum ConfigurationSource: Sendable, Hashable {
    /// The aggregated stream of the bootstrap.
    case aggregated
    /// A stream of its own.
    case service(DiscoveryService)
    /// A file that is watched.
    case file(String)
}

/// A discovery service behind a cluster of the bootstrap.
package struct DiscoveryService: Sendable, Hashable {
    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var cluster: String
    package var isDelta: Bool
    /// `:authority`; nil: the cluster's name.
    package var authority: String?
    package var initialMetadata: [Header]

    package init(cluster: String, isDelta: Bool, authority: String? = nil, initialMetadata: [Header] = []) {
        self.cluster = cluster
        self.isDelta = isDelta
        self.authority = authority
        self.initialMetadata = initialMetadata
    }
}
