// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Makes a snapshot of the mesh from its resources. Same resources in any order, same snapshot.
package struct MeshSnapshotBuilder: Sendable {
    package var configuration: MeshConfiguration

    package init(configuration: MeshConfiguration = MeshConfiguration()) { self.configuration = configuration }

    package func build(_ resources: [ValidatedResource], generation: UInt64) -> MeshSnapshot {
        var kinds = ConfiguredKinds(domain: configuration.domain)
        for resource in resources.sorted(by: Self.isBefore) { kinds.add(resource) }
        let workloads = kinds.workloads.sorted { ($0.namespace, $0.name, $0.address) < ($1.namespace, $1.name, $1.address) }
        let root = configuration.rootNamespace
        return MeshSnapshot(
            configuration: configuration, generation: generation,
            serviceIndex: ServiceIndex(
                declared: kinds.services + kinds.entries, workloads: workloads, inline: kinds.inline, configuration: configuration),
            workloads: workloads,
            virtualServices: VirtualServiceIndex(oldestFirst: kinds.virtualServices, domain: configuration.domain),
            destinationRules: DestinationRuleIndex(oldestFirst: kinds.destinationRules, configuration: configuration),
            peerAuthentications: PeerAuthenticationIndex(oldestFirst: kinds.peerAuthentications, rootNamespace: root),
            authorizationPolicies: PolicyIndex(
                oldestFirst: kinds.authorizationPolicies, rootNamespace: root, selector: \.selector),
            telemetryPolicies: PolicyIndex(oldestFirst: kinds.telemetryPolicies, rootNamespace: root, selector: \.selector))
    }

    /// Oldest first; the key breaks what age and name leave open.
    private static func isBefore(_ left: ValidatedResource, _ right: ValidatedResource) -> Bool {
        if ResourceMetadata.isOlder(left.metadata, right.metadata) { return true }
        if ResourceMetadata.isOlder(right.metadata, left.metadata) { return false }
        return left.key < right.key
    }
}
