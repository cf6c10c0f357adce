// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// The mesh at one moment: services, workloads and what is configured about them. Immutable; made by `MeshSnapshotBuilder`.
package struct MeshSnapshot: Sendable {
    package let configuration: MeshConfiguration
    /// Grows with every change of the resources it was made from.
    package let generation: UInt64
    /// Sorted by host name.
    package let services: [Service]
    /// Sorted by namespace and name.
    package let workloads: [Workload]
    package let virtualServices: VirtualServiceIndex
    package let destinationRules: DestinationRuleIndex
    let serviceIndex: ServiceIndex
    let peerAuthentications: PeerAuthenticationIndex
    let authorizationPolicies: PolicyIndex<AuthorizationPolicy>
    let telemetryPolicies: PolicyIndex<TelemetryPolicy>

    init(
        configuration: MeshConfiguration, generation: UInt64, serviceIndex: ServiceIndex, workloads: [Workload],
        virtualServices: VirtualServiceIndex, destinationRules: DestinationRuleIndex,
        peerAuthentications: PeerAuthenticationIndex, authorizationPolicies: PolicyIndex<AuthorizationPolicy>,
        telemetryPolicies: PolicyIndex<TelemetryPolicy>
    ) {
        self.configuration = configuration
        self.generation = generation
        self.services = serviceIndex.services
        self.workloads = workloads
        self.serviceIndex = serviceIndex
        self.virtualServices = virtualServices
        self.destinationRules = destinationRules
        self.peerAuthentications = peerAuthentications
        self.authorizationPolicies = authorizationPolicies
        self.telemetryPolicies = telemetryPolicies
    }

    // MARK: Services

    /// The service that proxies of `namespace` know under this full name; a wildcard service covers the names under it.
    package func service(_ host: String, visibleIn namespace: String) -> Service? {
        serviceIndex.service(host, visibleIn: namespace)
    }

    package func services(visibleIn namespace: String) -> [Service] {
        services.filter { $0.visibility.includes(namespace) }
    }

    /// Services that a workload with these labels serves.
    package func services(selecting labels: [String: String], namespace: String) -> [Service] {
        services.filter { $0.namespace == namespace && $0.selects(labels) }
    }

    /// Sorted by namespace, name and address.
    package func workloads(of service: Service) -> [Workload] { serviceIndex.workloads[service.hostname] ?? [] }

    /// Where a proxy runs, as its workload's resource says: `region/zone/sub-zone`; empty where nothing does.
    package func locality(of node: ProxyNode) -> String {
        workloads.first { $0.namespace == node.namespace && $0.name == node.name }?.locality ?? ""
    }

    /// SPIFFE IDs that the servers of a service may have; empty when none of its workloads has an identity.
    package func identities(of service: Service) -> [String] { serviceIndex.identities[service.hostname] ?? [] }

    // MARK: Policies

    package func mutualTLSMode(namespace: String, labels: [String: String], port: Int) -> MutualTLSMode {
        peerAuthentications.mode(namespace: namespace, labels: labels, port: port)
    }

    /// Of the root namespace and the workload's own, oldest first.
    package func authorizationPolicies(
        namespace: String, labels: [String: String]
    ) -> [Configured<AuthorizationPolicy>] {
        authorizationPolicies.all(namespace: namespace, labels: labels)
    }

    package var allAuthorizationPolicies: [Configured<AuthorizationPolicy>] { authorizationPolicies.oldestFirst }
    package var allPeerAuthentications: [Configured<PeerAuthentication>] { peerAuthentications.all }
    package var allTelemetryPolicies: [Configured<TelemetryPolicy>] { telemetryPolicies.oldestFirst }

    package func telemetry(namespace: String, labels: [String: String]) -> EffectiveTelemetry {
        EffectiveTelemetry(
            layers: telemetryPolicies.layers(namespace: namespace, labels: labels).map(\.specification),
            configuration: configuration)
    }
}
