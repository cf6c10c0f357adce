// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshTestKit
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// Changed resources, as bytes: nothing traps, the same bytes mean the same, and a refusal names type and field.
@Suite struct ResourceMutationTests {
    private static let type = "\"@type\": \"type.googleapis.com/envoy"

    private static let listener = """
        {"name": "l", "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 15006}},
         "listenerFilters": [{"name": "t", "typedConfig": {\(type).extensions.filters.listener.tls_inspector.v3.TlsInspector"}}],
         "filterChains": [{"filterChainMatch": {"transportProtocol": "tls", "applicationProtocols": ["istio"]}, "filters": [{"name": "hcm",
           "typedConfig": {\(type).extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "statPrefix": "s", "rds": {"configSource": {"ads": {}}, "routeConfigName": "r"}, "streamIdleTimeout": "5s",
           "httpFilters": [{"name": "fault", "typedConfig": {\(type).extensions.filters.http.fault.v3.HTTPFault",
             "abort": {"httpStatus": 503, "percentage": {"numerator": 5}}}},
            {"name": "router", "typedConfig": {\(type).extensions.filters.http.router.v3.Router"}}]}}]}]}
        """
    private static let routes = """
        {"name": "r", "virtualHosts": [{"name": "h", "domains": ["a", "*.b"], "routes": [
         {"match": {"prefix": "/", "headers": [{"name": "x", "rangeMatch": {"start": "5", "end": "10"}}]},
          "route": {"weightedClusters": {"clusters": [{"name": "c", "weight": 90}, {"name": "d", "weight": 10}]}, "timeout": "1.5s",
           "retryPolicy": {"retryOn": "5xx", "numRetries": 2, "perTryTimeout": "0.5s"}}},
         {"match": {"path": "/r"}, "redirect": {"hostRedirect": "b", "responseCode": "FOUND"}},
         {"match": {"safeRegex": {"regex": "/[a-z]+"}}, "directResponse": {"status": 404, "body": {"inlineString": "x"}}}]}]}
        """
    private static let cluster = """
        {"name": "c", "type": "EDS", "edsClusterConfig": {"edsConfig": {"ads": {}}}, "connectTimeout": "1s", "lbPolicy": "LEAST_REQUEST",
         "circuitBreakers": {"thresholds": [{"maxConnections": 5, "maxRetries": 7}]}, "outlierDetection": {"consecutive5xx": 5, "interval": "1s"},
         "transportSocket": {"name": "t", "typedConfig": {\(type).extensions.transport_sockets.tls.v3.UpstreamTlsContext", "sni": "a"}}}
        """
    private static let endpoints = """
        {"clusterName": "c", "endpoints": [{"locality": {"region": "r", "zone": "z"}, "priority": 1, "loadBalancingWeight": 3, "lbEndpoints": [
         {"endpoint": {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 80}}}, "healthStatus": "HEALTHY", "loadBalancingWeight": 2,
          "metadata": {"filterMetadata": {"istio": {"workload": "a;b"}}}}]}]}
        """
    private static let secret = #"{"name": "s", "validationContext": {"trustedCa": {"inlineString": "x"}}}"#

    private static func seeds() throws -> [(typeURL: String, bytes: [UInt8])] {
        ExtensionTypes.register()
        return [
            (TypeURL.listener, try Envoy_Config_Listener_V3_Listener(jsonString: Self.listener).serializedBytes()),
            (TypeURL.routes, try Envoy_Config_Route_V3_RouteConfiguration(jsonString: Self.routes).serializedBytes()),
            (TypeURL.cluster, try Envoy_Config_Cluster_V3_Cluster(jsonString: Self.cluster).serializedBytes()),
            (TypeURL.endpoints, try Envoy_Config_Endpoint_V3_ClusterLoadAssignment(jsonString: Self.endpoints).serializedBytes()),
            (TypeURL.secret, try Envoy_Extensions_TransportSockets_Tls_V3_Secret(jsonString: Self.secret).serializedBytes()),
        ]
    }

    @Test func `the seeds are taken`() throws {
        for (typeURL, bytes) in try Self.seeds() { _ = try ResourceDecoder.decode(typeURL: typeURL, name: "", payload: bytes) }
    }

    @Test func `resources`() throws {
        let seeds = try Self.seeds()
        for var mutator in Mutator.rounds(3000) {
            let seed = mutator.pick(seeds)
            let bytes = mutator.changed(seed.bytes, other: mutator.pick(seeds).bytes)
            do {
                let one = try ResourceDecoder.decode(typeURL: seed.typeURL, name: "", payload: bytes)
                #expect(try ResourceDecoder.decode(typeURL: seed.typeURL, name: "", payload: bytes) == one, "\(mutator)")
            } catch {
                #expect(error.typeURL.hasPrefix("type.googleapis.com/") || !error.path.isEmpty, "\(mutator): \(error)")
                #expect(!error.message.isEmpty, "\(mutator): \(error)")
            }
        }
    }
}
