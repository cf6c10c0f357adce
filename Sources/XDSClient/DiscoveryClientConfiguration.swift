// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import XDSProtocol

/// Settings of a proxy's stream to a control plane.
package struct DiscoveryClientConfiguration: Sendable {
    package enum Variant: Sendable, Hashable { case delta, stateOfTheWorld }

    package enum Scope: Sendable, Hashable {
        /// One stream for all types.
        case aggregated
        /// The type's own service.
        case only(ResourceType)
    }

    package var controlPlane: ControlPlaneConnection
    package var scope: Scope
    package var variant: Variant
    package var node: Envoy_Config_Core_V3_Node
    /// Sent at the start of each stream.
    package var metadata: [InitialHeader]
    /// Types of which everything is wanted.
    package var wildcardTypes: Set<ResourceType>
    /// Bytes of one response.
    package var maximumMessageSize: Int
    package var backoff: Backoff

    package init(
        controlPlane: ControlPlaneConnection, scope: Scope = .aggregated, variant: Variant = .delta,
        node: Envoy_Config_Core_V3_Node, metadata: [InitialHeader] = [],
        wildcardTypes: Set<ResourceType> = [.cluster, .listener], maximumMessageSize: Int = 64 * 1024 * 1024,
        backoff: Backoff = Backoff()
    ) {
        self.controlPlane = controlPlane
        self.scope = scope
        self.variant = variant
        self.node = node
        self.metadata = metadata
        self.wildcardTypes = wildcardTypes
        self.maximumMessageSize = maximumMessageSize
        self.backoff = backoff
    }
}

/// A header of a stream's request.
package struct InitialHeader: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
