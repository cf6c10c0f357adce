// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI

/// Short names for the generated types that translation writes.
enum Wire {
    typealias AccessLog = Envoy_Config_Accesslog_V3_AccessLog
    typealias Address = Envoy_Config_Core_V3_Address
    typealias Cluster = Envoy_Config_Cluster_V3_Cluster
    typealias CommonTLS = Envoy_Extensions_TransportSockets_Tls_V3_CommonTlsContext
    typealias ConfigSource = Envoy_Config_Core_V3_ConfigSource
    typealias ConnectionManager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
    typealias CORSPolicy = Envoy_Extensions_Filters_Http_Cors_V3_CorsPolicy
    typealias DownstreamTLS = Envoy_Extensions_TransportSockets_Tls_V3_DownstreamTlsContext
    typealias FaultAbort = Envoy_Extensions_Filters_Http_Fault_V3_FaultAbort
    typealias FaultDelay = Envoy_Extensions_Filters_Common_Fault_V3_FaultDelay
    typealias FilterChain = Envoy_Config_Listener_V3_FilterChain
    typealias FractionalPercent = Envoy_Type_V3_FractionalPercent
    typealias HeaderMatcher = Envoy_Config_Route_V3_HeaderMatcher
    typealias HeaderOption = Envoy_Config_Core_V3_HeaderValueOption
    typealias HTTPFault = Envoy_Extensions_Filters_Http_Fault_V3_HTTPFault
    typealias HTTPFilter = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpFilter
    typealias HTTPProtocolOptions = Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions
    typealias HTTPRBAC = Envoy_Extensions_Filters_Http_Rbac_V3_RBAC
    typealias Listener = Envoy_Config_Listener_V3_Listener
    typealias LoadAssignment = Envoy_Config_Endpoint_V3_ClusterLoadAssignment
    typealias LocalityEndpoints = Envoy_Config_Endpoint_V3_LocalityLbEndpoints
    typealias LbEndpoint = Envoy_Config_Endpoint_V3_LbEndpoint
    typealias Metadata = Envoy_Config_Core_V3_Metadata
    typealias NetworkFilter = Envoy_Config_Listener_V3_Filter
    typealias NetworkRBAC = Envoy_Extensions_Filters_Network_Rbac_V3_RBAC
    typealias Permission = Envoy_Config_Rbac_V3_Permission
    typealias Policy = Envoy_Config_Rbac_V3_Policy
    typealias Principal = Envoy_Config_Rbac_V3_Principal
    typealias QueryParameterMatcher = Envoy_Config_Route_V3_QueryParameterMatcher
    typealias RBAC = Envoy_Config_Rbac_V3_RBAC
    typealias RetryPolicy = Envoy_Config_Route_V3_RetryPolicy
    typealias Route = Envoy_Config_Route_V3_Route
    typealias RouteAction = Envoy_Config_Route_V3_RouteAction
    typealias RouteMatch = Envoy_Config_Route_V3_RouteMatch
    typealias RouteTable = Envoy_Config_Route_V3_RouteConfiguration
    typealias StringMatcher = Envoy_Type_Matcher_V3_StringMatcher
    typealias TCPProxy = Envoy_Extensions_Filters_Network_TcpProxy_V3_TcpProxy
    typealias TransportSocket = Envoy_Config_Core_V3_TransportSocket
    typealias UpstreamTLS = Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext
    typealias VirtualHost = Envoy_Config_Route_V3_VirtualHost
    typealias WeightedCluster = Envoy_Config_Route_V3_WeightedCluster
}
