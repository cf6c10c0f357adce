// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

extension BootstrapReader {
    /// The first endpoint of the static cluster that `dynamic_resources.ads_config` names.
    static func controlPlane(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap
    ) throws(BootstrapError) -> ControlPlaneEndpoint? {
        guard message.hasDynamicResources, message.dynamicResources.hasAdsConfig else { return nil }
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
        return ControlPlaneEndpoint(
            address: try Self.endpoint(endpoint.address, path: "\(place).endpoints[0].lb_endpoints[0].endpoint.address"),
            serverName: Self.serverName(cluster) ?? "istiod.istio-system.svc")
    }

    private static func serverName(_ cluster: Envoy_Config_Cluster_V3_Cluster) -> String? {
        guard cluster.hasTransportSocket,
            let context = try? Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext(
                unpackingAny: cluster.transportSocket.typedConfig), !context.sni.isEmpty
        else { return nil }
        return context.sni
    }
}
