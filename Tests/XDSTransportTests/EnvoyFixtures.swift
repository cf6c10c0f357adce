// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// A small, complete configuration as the translation makes it, and bootstraps that ask for it.
enum EnvoyFixtures {
    static let ads = #"{"ads": {}, "resourceApiVersion": "V3"}"#

    /// - Parameter source: Where endpoints and route tables come from.
    static func resources(
        _ generation: String, clusters: [String] = ["a"], retries: Int = 2, source: String = ads, withTLS: Bool = true
    ) throws -> ProxyResources {
        ExtensionTypes.register()
        let clusterSet = try clusters.map { name in
            try self.resource(name, Envoy_Config_Cluster_V3_Cluster(jsonString: self.cluster(name, source, withTLS)))
        }
        let endpointSet = try clusters.map { name in
            try self.resource(name, Envoy_Config_Endpoint_V3_ClusterLoadAssignment(jsonString: self.endpoints(name)))
        }
        let listener = try self.resource("http_proxy", Envoy_Config_Listener_V3_Listener(jsonString: self.listener(source)))
        let routes = try self.resource(
            "http_proxy",
            Envoy_Config_Route_V3_RouteConfiguration(jsonString: self.routes(clusters.last ?? "a", retries: retries)))
        return ProxyResources(
            generation: generation,
            byType: [
                ResourceType.cluster: ResourceSet(clusterSet), .endpoints: ResourceSet(endpointSet),
                .listener: ResourceSet([listener]), .routes: ResourceSet([routes]),
            ])
    }

    private static func resource(_ name: String, _ message: some Message) throws -> XDSResource {
        XDSResource(name: name, payload: try message.serializedBytes())
    }

    private static func cluster(_ name: String, _ source: String, _ withTLS: Bool) -> String {
        let socket = """
            , "transportSocket": {"name": "envoy.transport_sockets.tls", "typedConfig": {
              "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
              "commonTlsContext": \(Self.tlsContext)}}
            """
        return """
            {"name": "\(name)", "type": "EDS", "connectTimeout": "10s",
             "edsClusterConfig": {"edsConfig": \(source)}\(withTLS ? socket : "")}
            """
    }

    static let tlsContext = """
        {"tlsCertificateSdsSecretConfigs": [{"name": "default", "sdsConfig": \(sds)}],
         "validationContextSdsSecretConfig": {"name": "ROOTCA", "sdsConfig": \(sds)}}
        """

    private static let sds = """
        {"resourceApiVersion": "V3", "apiConfigSource": {"apiType": "GRPC", "transportApiVersion": "V3",
          "grpcServices": [{"envoyGrpc": {"clusterName": "sds-grpc"}}]}}
        """

    private static func endpoints(_ name: String) -> String {
        """
        {"clusterName": "\(name)", "endpoints": [{"lbEndpoints": [{"endpoint": {"address":
          {"socketAddress": {"address": "127.0.0.1", "portValue": 9}}}}]}]}
        """
    }

    private static func listener(_ source: String) -> String {
        """
        {"name": "http_proxy", "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 0}},
         "filterChains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typedConfig": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "statPrefix": "http_proxy",
           "rds": {"configSource": \(source), "routeConfigName": "http_proxy"},
           "httpFilters": [{"name": "envoy.filters.http.router", "typedConfig": {
             "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
        """
    }

    private static func routes(_ cluster: String, retries: Int) -> String {
        """
        {"name": "http_proxy", "virtualHosts": [{"name": "all", "domains": ["*"], "routes": [
          {"match": {"prefix": "/"}, "route": {"cluster": "\(cluster)", "retryPolicy": {"numRetries": \(retries)}}}]}]}
        """
    }

    /// A route table that Envoy refuses: two virtual hosts with one domain.
    static func brokenRoutes(_ generation: String) throws -> ProxyResources {
        let good = try self.resources(generation)
        let broken = try self.resource(
            "http_proxy",
            Envoy_Config_Route_V3_RouteConfiguration(
                jsonString: """
                    {"name": "http_proxy", "virtualHosts": [{"name": "a", "domains": ["*"]}, {"name": "b", "domains": ["*"]}]}
                    """))
        return ProxyResources(
            generation: generation,
            byType: [
                ResourceType.cluster: good[.cluster], .endpoints: good[.endpoints], .listener: good[.listener],
                .routes: ResourceSet([broken]),
            ])
    }

    static func bootstrap(xdsPort: Int, sdsSocket: String, apiType: String) -> String {
        """
        {"node": {"id": "sidecar~127.64.0.1~web-v1.default~default.svc.cluster.local", "cluster": "web.default",
          "metadata": {"NAMESPACE": "default", "SERVICE_ACCOUNT": "web"}},
         "dynamic_resources": {
          "ads_config": {"api_type": "\(apiType)", "transport_api_version": "V3",
            "grpc_services": [{"envoy_grpc": {"cluster_name": "xds-grpc"}}]},
          "cds_config": {"ads": {}, "resource_api_version": "V3"},
          "lds_config": {"ads": {}, "resource_api_version": "V3"}},
         "static_resources": {"clusters": [
          {"name": "xds-grpc", "type": "STATIC", "connect_timeout": "1s",
           "typed_extension_protocol_options": \(self.http2),
           "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": {
             "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
             "sni": "istiod.istio-system.svc", "common_tls_context": \(self.tlsContext)}},
           "load_assignment": {"cluster_name": "xds-grpc", "endpoints": [{"lb_endpoints": [{"endpoint": {"address":
             {"socket_address": {"address": "127.0.0.1", "port_value": \(xdsPort)}}}}]}]}},
          {"name": "sds-grpc", "type": "STATIC", "connect_timeout": "1s",
           "typed_extension_protocol_options": \(self.http2),
           "load_assignment": {"cluster_name": "sds-grpc", "endpoints": [{"lb_endpoints": [{"endpoint": {"address":
             {"pipe": {"path": "\(sdsSocket)"}}}}]}]}}]}}
        """
    }

    private static let http2 = """
        {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          "explicit_http_config": {"http2_protocol_options": {}}}}
        """
}
