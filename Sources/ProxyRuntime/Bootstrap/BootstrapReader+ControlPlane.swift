// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf
import XDSProtocol

extension BootstrapReader {
    /// The first endpoint of the static cluster that `dynamic_resources.ads_config` names.
    static func controlPlane(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap, hasIdentity: Bool
    ) throws(BootstrapError) -> ControlPlaneEndpoint? {
        guard message.hasDynamicResources, message.dynamicResources.hasAdsConfig else { return nil }
        var types: Set<ResourceType> = []
        for (type, _, source) in Self.sources(message) {
            if case .ads? = source.configSourceSpecifier { types.insert(type) }
        }
        let path = "dynamic_resources.ads_config"
        let ads = message.dynamicResources.adsConfig
        guard ads.apiType == .deltaGrpc else {
            throw BootstrapError(path: "\(path).api_type", reason: "only DELTA_GRPC is acted on")
        }
        guard case .envoyGrpc(let service)? = ads.grpcServices.first?.targetSpecifier else {
            throw BootstrapError(path: "\(path).grpc_services", reason: "needs an envoy_grpc service")
        }
        let clusters = message.staticResources.clusters
        guard let index = clusters.firstIndex(where: { $0.name == service.clusterName }) else {
            throw BootstrapError(
                path: "\(path).grpc_services[0].envoy_grpc.cluster_name",
                reason: "'\(service.clusterName)' is not among static_resources.clusters")
        }
        let cluster = clusters[index]
        let place = "static_resources.clusters[\(index)].load_assignment"
        guard case .endpoint(let endpoint)? = cluster.loadAssignment.endpoints.first?.lbEndpoints.first?.hostIdentifier else {
            throw BootstrapError(path: place, reason: "needs an endpoint")
        }
        guard hasIdentity || !cluster.hasTransportSocket else {
            throw BootstrapError(
                path: "static_resources.clusters[\(index)].transport_socket",
                reason: "TLS to the control plane needs malla.trust_bundle_file and malla.join_token_file")
        }
        return ControlPlaneEndpoint(
            address: try Self.endpoint(endpoint.address, path: "\(place).endpoints[0].lb_endpoints[0].endpoint.address"),
            serverName: Self.serverName(cluster) ?? "istiod.istio-system.svc",
            isPlaintext: !hasIdentity, types: types)
    }

    /// `lds_config` and `cds_config` by way of files.
    static func files(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap
    ) throws(BootstrapError) -> [ResourceType: String] {
        var files: [ResourceType: String] = [:]
        for (type, path, source) in Self.sources(message) {
            switch source.configSourceSpecifier {
            case .pathConfigSource(let file):
                guard !file.path.isEmpty else { throw BootstrapError(path: "\(path).path_config_source.path", reason: "is empty") }
                files[type] = file.path
            case .ads:
                guard message.dynamicResources.hasAdsConfig else {
                    throw BootstrapError(path: "\(path).ads", reason: "needs dynamic_resources.ads_config")
                }
            case .apiConfigSource:
                throw BootstrapError(path: "\(path).api_config_source", reason: "only ads and path_config_source are acted on")
            case .self_p, nil:
                throw BootstrapError(path: path, reason: "only ads and path_config_source are acted on")
            }
        }
        return files
    }

    private static func sources(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap
    ) -> [(ResourceType, String, Envoy_Config_Core_V3_ConfigSource)] {
        let dynamic = message.dynamicResources
        var sources: [(ResourceType, String, Envoy_Config_Core_V3_ConfigSource)] = []
        if dynamic.hasCdsConfig { sources.append((.cluster, "dynamic_resources.cds_config", dynamic.cdsConfig)) }
        if dynamic.hasLdsConfig { sources.append((.listener, "dynamic_resources.lds_config", dynamic.ldsConfig)) }
        return sources
    }

    private static func serverName(_ cluster: Envoy_Config_Cluster_V3_Cluster) -> String? {
        guard cluster.hasTransportSocket,
            let context = try? Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext(
                unpackingAny: cluster.transportSocket.typedConfig), !context.sni.isEmpty
        else { return nil }
        return context.sni
    }
}
