// SPDX-License-Identifier: Apache-2.0
package import MeshModel
package import MeshResources

/// Looks at the whole mesh and reports what no resource shows alone: Istio's analyzers, for the kinds that we serve.
package struct MeshAnalysis: Sendable {
    private let mesh: AnalyzedMesh

    package init(_ resources: [ValidatedResource], configuration: MeshConfiguration = MeshConfiguration()) {
        mesh = AnalyzedMesh(resources, configuration: configuration)
    }

    /// Sorted by resource.
    package func findings() -> [Finding] {
        Set(Check.allCases.flatMap(findings(of:))).sorted()
    }

    /// One check each, in Istio's cut.
    package enum Check: Sendable, Hashable, CaseIterable {
        case destinations, destinationRuleHosts, serverVerification, meshHostConflicts, unreachableRoutes, gatewayReferences,
            policySelectors, policyNamespaces, telemetryProviders, telemetrySelectors, portNames, serviceEntryAddresses,
            serviceEntryProtocols, conditions
    }

    package func findings(of check: Check) -> [Finding] {
        switch check {
        case .destinations: DestinationCheck(snapshot: mesh.snapshot).findings()
        case .destinationRuleHosts: DestinationRuleHostCheck(snapshot: mesh.snapshot).findings()
        case .serverVerification: ServerVerificationCheck(snapshot: mesh.snapshot).findings()
        case .meshHostConflicts: MeshHostConflictCheck(mesh: mesh).findings()
        case .unreachableRoutes: UnreachableRouteCheck(snapshot: mesh.snapshot).findings()
        case .gatewayReferences: GatewayReferenceCheck(mesh: mesh).findings()
        case .policySelectors: PolicySelectorCheck(snapshot: mesh.snapshot).findings()
        case .policyNamespaces: PolicyNamespaceCheck(mesh: mesh).findings()
        case .telemetryProviders: TelemetryProviderCheck(snapshot: mesh.snapshot).findings()
        case .telemetrySelectors: TelemetrySelectorCheck(snapshot: mesh.snapshot).findings()
        case .portNames: PortNameCheck(mesh: mesh).findings()
        case .serviceEntryAddresses: ServiceEntryAddressesCheck(mesh: mesh).findings()
        case .serviceEntryProtocols: ServiceEntryProtocolCheck(mesh: mesh).findings()
        case .conditions: ConditionCheck(mesh: mesh).findings()
        }
    }
}
