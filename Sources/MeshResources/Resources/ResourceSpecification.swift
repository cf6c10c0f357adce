// SPDX-License-Identifier: Apache-2.0

/// The typed specification of a resource.
package enum ResourceSpecification: Sendable, Hashable {
    case namespace
    case service(KubernetesService)
    case serviceAccount
    case virtualService(VirtualService)
    case destinationRule(DestinationRule)
    case serviceEntry(ServiceEntry)
    case workloadEntry(WorkloadEntry)
    case peerAuthentication(PeerAuthentication)
    case authorizationPolicy(AuthorizationPolicy)
    case telemetry(TelemetryPolicy)

    package init(kind: ResourceKind, spec: ManifestValue) {
        self =
            switch kind {
            case .namespace: .namespace
            case .service: .service(KubernetesService(spec: spec))
            case .serviceAccount: .serviceAccount
            case .virtualService: .virtualService(VirtualService(spec: spec))
            case .destinationRule: .destinationRule(DestinationRule(spec: spec))
            case .serviceEntry: .serviceEntry(ServiceEntry(spec: spec))
            case .workloadEntry: .workloadEntry(WorkloadEntry(spec: spec))
            case .peerAuthentication: .peerAuthentication(PeerAuthentication(spec: spec))
            case .authorizationPolicy: .authorizationPolicy(AuthorizationPolicy(spec: spec))
            case .telemetry: .telemetry(TelemetryPolicy(spec: spec))
            }
    }
}
