// SPDX-License-Identifier: Apache-2.0
import SwiftProtobuf

/// Makes every type that may stand in an `Any` known to SwiftProtobuf, which JSON (bootstrap files, `/config_dump`) needs.
package enum ExtensionTypes {
    /// Idempotent and cheap; call before reading or writing JSON.
    package static func register() { _ = registered }

    private static let registered: Bool = {
        let types: [any Message.Type] = [
            Envoy_Config_Cluster_V3_Cluster.self,
            Envoy_Config_Endpoint_V3_ClusterLoadAssignment.self,
            Envoy_Config_Listener_V3_Listener.self,
            Envoy_Config_Route_V3_RouteConfiguration.self,
            Envoy_Config_Route_V3_FilterConfig.self,
            Envoy_Extensions_TransportSockets_Tls_V3_Secret.self,
            Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager.self,
            Envoy_Extensions_Filters_Network_TcpProxy_V3_TcpProxy.self,
            Envoy_Extensions_Filters_Network_Rbac_V3_RBAC.self,
            Envoy_Extensions_Filters_Http_Router_V3_Router.self,
            Envoy_Extensions_Filters_Http_Fault_V3_HTTPFault.self,
            Envoy_Extensions_Filters_Http_Rbac_V3_RBAC.self,
            Envoy_Extensions_Filters_Http_Rbac_V3_RBACPerRoute.self,
            Envoy_Extensions_Filters_Http_Cors_V3_Cors.self,
            Envoy_Extensions_Filters_Http_Cors_V3_CorsPolicy.self,
            Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit.self,
            Envoy_Extensions_Filters_Http_HeaderMutation_V3_HeaderMutation.self,
            Envoy_Extensions_Filters_Http_HeaderMutation_V3_HeaderMutationPerRoute.self,
            Envoy_Extensions_Filters_Listener_TlsInspector_V3_TlsInspector.self,
            Envoy_Extensions_Filters_Listener_HttpInspector_V3_HttpInspector.self,
            Envoy_Extensions_Filters_Listener_OriginalDst_V3_OriginalDst.self,
            Envoy_Extensions_Filters_Listener_ProxyProtocol_V3_ProxyProtocol.self,
            Envoy_Extensions_TransportSockets_ProxyProtocol_V3_ProxyProtocolUpstreamTransport.self,
            Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext.self,
            Envoy_Extensions_TransportSockets_Tls_V3_DownstreamTlsContext.self,
            Envoy_Extensions_TransportSockets_RawBuffer_V3_RawBuffer.self,
            Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.self,
            Envoy_Extensions_AccessLoggers_File_V3_FileAccessLog.self,
            Envoy_Extensions_AccessLoggers_Stream_V3_StdoutAccessLog.self,
            Envoy_Extensions_AccessLoggers_Stream_V3_StderrAccessLog.self,
            Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate.self,
            Envoy_Extensions_LoadBalancingPolicies_RoundRobin_V3_RoundRobin.self,
            Envoy_Extensions_LoadBalancingPolicies_LeastRequest_V3_LeastRequest.self,
            Envoy_Extensions_LoadBalancingPolicies_Random_V3_Random.self,
            Envoy_Extensions_LoadBalancingPolicies_RingHash_V3_RingHash.self,
            Envoy_Extensions_LoadBalancingPolicies_Maglev_V3_Maglev.self,
            Envoy_Extensions_LoadBalancingPolicies_ClusterProvided_V3_ClusterProvided.self,
            Envoy_Config_Bootstrap_V3_Bootstrap.self,
            Envoy_Admin_V3_BootstrapConfigDump.self,
            Envoy_Admin_V3_ListenersConfigDump.self,
            Envoy_Admin_V3_ClustersConfigDump.self,
            Envoy_Admin_V3_RoutesConfigDump.self,
            Envoy_Admin_V3_EndpointsConfigDump.self,
            Envoy_Admin_V3_SecretsConfigDump.self,
        ]
        return types.allSatisfy { Google_Protobuf_Any.register(messageType: $0) }
    }()
}
