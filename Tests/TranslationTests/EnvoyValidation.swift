// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshTestKit
import SwiftProtobuf
import Testing
import Translation

/// Asks a stock Envoy about resources: `envoy --mode validate` over a bootstrap that holds them all as static ones.
enum EnvoyValidation {
    private typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager

    /// Nil where it is not installed.
    static let envoy = ProgramRun.path(of: "envoy")

    /// Nil when Envoy takes it, or is not installed.
    static func complaint(about bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap) async throws -> String? {
        guard let envoy else {
            print("skipped: envoy is not installed")
            return nil
        }
        ExtensionTypes.register()
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let file = FileManager.default.temporaryDirectory.appending(path: "malla-\(UUID().uuidString).json")
        try Data(bootstrap.jsonString(options: options).utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try await ProgramRun.run(
            envoy, ["--mode", "validate", "-l", "warning", "--disable-hot-restart", "-c", file.path()])
        return run.code == 0 ? nil : run.description
    }

    /// Route tables move into their listeners and endpoints into their clusters; the rest stays as it is sent.
    static func bootstrap(_ all: [GeneratedResources]) throws -> Envoy_Config_Bootstrap_V3_Bootstrap {
        var bootstrap = Envoy_Config_Bootstrap_V3_Bootstrap()
        bootstrap.node.id = "test"
        bootstrap.node.cluster = "test"
        bootstrap.dynamicResources.adsConfig.apiType = .grpc
        bootstrap.dynamicResources.adsConfig.transportApiVersion = .v3
        bootstrap.dynamicResources.adsConfig.grpcServices = [.with { $0.envoyGrpc.clusterName = "sds-grpc" }]
        bootstrap.staticResources.clusters = [Self.secretCluster]
        for resources in all { try add(resources, to: &bootstrap) }
        return bootstrap
    }

    private static func add(_ resources: GeneratedResources, to bootstrap: inout Envoy_Config_Bootstrap_V3_Bootstrap) throws {
        for resource in resources.resources(ofType: TypeURL.cluster) {
            var cluster = try Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.body.value)
            // Every proxy has a `BlackHoleCluster`.
            if bootstrap.staticResources.clusters.contains(where: { $0.name == cluster.name }) { continue }
            if cluster.type == .eds, let endpoints = resources.resource(cluster.name, ofType: TypeURL.endpoints) {
                cluster.loadAssignment = try .init(serializedBytes: endpoints.body.value)
                cluster.clearEdsClusterConfig()
                cluster.type = .static
            }
            bootstrap.staticResources.clusters.append(cluster)
        }
        for resource in resources.resources(ofType: TypeURL.listener) {
            var listener = try Envoy_Config_Listener_V3_Listener(serializedBytes: resource.body.value)
            for chain in listener.filterChains.indices {
                for filter in listener.filterChains[chain].filters.indices {
                    let packed = listener.filterChains[chain].filters[filter].typedConfig
                    guard packed.typeURL == TypeURL.httpConnectionManager else { continue }
                    var manager = try Manager(serializedBytes: packed.value)
                    guard case .rds(let rds) = manager.routeSpecifier else { continue }
                    let table = try #require(resources.resource(rds.routeConfigName, ofType: TypeURL.routes))
                    manager.routeConfig = try .init(serializedBytes: table.body.value)
                    listener.filterChains[chain].filters[filter].typedConfig = try .init(message: manager)
                }
            }
            bootstrap.staticResources.listeners.append(listener)
        }
    }

    private static let secretCluster: Envoy_Config_Cluster_V3_Cluster = .with {
        $0.name = "sds-grpc"
        $0.type = .static
        $0.connectTimeout.seconds = 1
        $0.loadAssignment.clusterName = "sds-grpc"
        $0.loadAssignment.endpoints = [.with { $0.lbEndpoints = [.with { $0.endpoint.address.pipe.path = "/tmp/sds.sock" }] }]
    }
}
