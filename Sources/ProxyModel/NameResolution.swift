// SPDX-License-Identifier: Apache-2.0

/// How a cluster's host names become addresses. Envoy's defaults.
package struct NameResolution: Sendable, Hashable {
    package enum Family: Sendable, Hashable {
        /// IPv6 if there is any, else IPv4.
        case automatic
        case ipv4Only
        case ipv6Only
        /// IPv4 if there is any, else IPv6.
        case ipv4Preferred
        case all
    }

    /// One endpoint for each address (`STRICT_DNS`), or one for the name, at its first address (`LOGICAL_DNS`).
    package var usesAllAddresses: Bool
    package var family: Family
    package var refreshInterval: Duration

    package init(usesAllAddresses: Bool = true, family: Family = .automatic, refreshInterval: Duration = .seconds(5)) {
        self.usesAllAddresses = usesAllAddresses
        self.family = family
        self.refreshInterval = refreshInterval
    }
}
