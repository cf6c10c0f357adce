// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// The clusters through which a proxy calls a service: one a port, and one more for each subset of its DestinationRule.
struct OutboundClusters {
    private let node: ProxyNode
    private let snapshot: MeshSnapshot
    private let endpoints: EndpointTranslation

    init(node: ProxyNode, snapshot: MeshSnapshot) {
        self.node = node
        self.snapshot = snapshot
        endpoints = EndpointTranslation(node: node, snapshot: snapshot, origin: LocalityName(snapshot.locality(of: node)))
    }

    func clusters(of service: Service) -> [Wire.Cluster] {
        variants(of: service).compactMap { variant in
            guard service.resolution != .none else { return nil }
            return cluster(variant, service: service)
        }
    }

    /// Endpoints that are pushed; empty for services whose endpoints the proxy resolves.
    func assignments(of service: Service) -> [Wire.LoadAssignment] {
        guard service.resolution == .endpoints else { return [] }
        return variants(of: service).map { assignment($0, service) }
    }

    private func assignment(_ variant: Variant, _ service: Service) -> Wire.LoadAssignment {
        endpoints.assignment(
            variant.name, service: service, port: variant.port, subset: variant.labels, plan: plan(variant))
    }

    private func plan(_ variant: Variant) -> LocalityPlan { LocalityPlan(variant.policy, origin: endpoints.origin) }

    /// A cluster with nothing behind it. There is no `PassthroughCluster`: without interception no connection has an original
    /// destination that it could be passed on to.
    static func blackHole(_ configuration: MeshConfiguration) -> Wire.Cluster {
        .with {
            $0.name = ClusterName.blackHole
            $0.type = .static
            $0.connectTimeout = WireValues.duration(seconds: configuration.connectTimeoutSeconds)
        }
    }

    // MARK: Variants

    private struct Variant {
        var name: ClusterName
        var port: ServicePort
        var labels: [String: String]
        var policy: EffectiveTrafficPolicy
        /// Path of the DestinationRule.
        var rule: String?
    }

    private func variants(of service: Service) -> [Variant] {
        let found = snapshot.destinationRules.rule(for: service, from: node.namespace, labels: node.labels)
        let path = found.map { "/apis/networking.istio.io/v1/namespaces/\($0.namespace)/destination-rule/\($0.name)" }
        let rule = found?.specification
        return service.ports.filter { $0.portProtocol != .udp }.flatMap { port in
            let whole = Variant(
                name: .outbound(service.hostname, port: port.number), port: port, labels: [:],
                policy: EffectiveTrafficPolicy(rule: rule?.trafficPolicy, subset: nil, port: port.number), rule: path)
            let subsets = (rule?.subsets ?? []).map { subset in
                Variant(
                    name: .outbound(service.hostname, port: port.number, subset: subset.name), port: port, labels: subset.labels,
                    policy: EffectiveTrafficPolicy(
                        rule: rule?.trafficPolicy, subset: subset.trafficPolicy, port: port.number), rule: path)
            }
            return [whole] + subsets
        }
    }

    // MARK: Cluster

    private func cluster(_ variant: Variant, service: Service) -> Wire.Cluster {
        var cluster = Wire.Cluster()
        cluster.name = variant.name.description
        cluster.connectTimeout = WireValues.duration(seconds: snapshot.configuration.connectTimeoutSeconds)
        cluster.metadata = ClusterMetadata.of(
            [service], subset: variant.name.subset.isEmpty ? nil : variant.name.subset, rule: variant.rule)
        discover(&cluster, variant, service)
        TrafficPolicyTranslation.apply(variant.policy, to: &cluster, speaks: variant.port.portProtocol)
        // Without this Envoy does not look at the weights of localities.
        if plan(variant) != .even { cluster.commonLbConfig.localityWeightedLbConfig = .init() }
        let identities = snapshot.identities(of: service)
        let isHTTP2 = TrafficPolicyTranslation.isHTTP2(variant.policy, variant.port.portProtocol)
        ClusterTLS(configuration: snapshot.configuration, cluster: variant.name, identities: identities, isHTTP2: isHTTP2)
            .apply(variant.policy.tls, to: &cluster, isExternal: service.isExternal)
        if let version = variant.policy.proxyProtocolVersion {
            ProxyProtocolTranslation.wrap(&cluster, version: version == "V2" ? .v2 : .v1)
        }
        return cluster
    }

    private func discover(_ cluster: inout Wire.Cluster, _ variant: Variant, _ service: Service) {
        switch service.resolution {
        case .endpoints:
            cluster.type = .eds
            cluster.edsClusterConfig.edsConfig = WireValues.ads
            cluster.edsClusterConfig.serviceName = cluster.name
        case .dns, .none:
            cluster.type = .strictDns
            cluster.respectDnsTtl = true
            cluster.dnsRefreshRate = WireValues.duration(seconds: 60)
            cluster.dnsLookupFamily = .v4Only
            cluster.loadAssignment = assignment(variant, service)
        }
    }
}
