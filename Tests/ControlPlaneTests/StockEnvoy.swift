// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshResources
import MeshTestKit
import SwiftProtobuf
import Testing

/// An Envoy as it comes, fed by the control plane.
enum StockEnvoy {
    static let path: String? = ProgramRun.path(of: "envoy")

    /// It proves who it is by a join token on the plaintext port, which is there for just that.
    static func start(_ malla: MallaProcess, directory: String) async throws -> ProgramRun {
        let address = try #require(try malla.running().string("xds"))
        let port = try #require(URL(string: "tcp://\(address)")?.port)
        let token = try await malla.joinToken(account: "default")
        var node = MallaProcess.node(address: "127.64.9.2", account: "default")
        node.userAgentName = ""
        let nodeJSON = try node.jsonString()
        let bootstrap = """
            {"node": \(nodeJSON),
             "dynamic_resources": {
               "ads_config": {"api_type": "DELTA_GRPC", "transport_api_version": "V3", "grpc_services": [
                 {"envoy_grpc": {"cluster_name": "xds-grpc"},
                  "initial_metadata": [{"key": "authorization", "value": "Bearer \(token)"}]}]},
               "cds_config": {"ads": {}, "resource_api_version": "V3"}, "lds_config": {"ads": {}, "resource_api_version": "V3"}},
             "static_resources": {"clusters": [
               {"name": "xds-grpc", "type": "STATIC", "connect_timeout": "1s",
                "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                  "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                  "explicit_http_config": {"http2_protocol_options": {}}}},
                "load_assignment": {"cluster_name": "xds-grpc", "endpoints": [{"lb_endpoints": [
                  {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": \(port)}}}}]}]}},
               {"name": "sds-grpc", "type": "STATIC", "connect_timeout": "1s",
                "load_assignment": {"cluster_name": "sds-grpc", "endpoints": [{"lb_endpoints": [
                  {"endpoint": {"address": {"pipe": {"path": "\(directory)/no-sds.sock"}}}}]}]}}]}}
            """
        let file = directory + "/envoy.json"
        try Data(bootstrap.utf8).write(to: URL(filePath: file))
        return try await ProgramRun.start(
            try #require(path), ["-c", file, "-l", "off", "--disable-hot-restart", "--concurrency", "1"])
    }
}
