// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import XDSDecoding
import XDSProtocol

extension BootstrapReader {
    private static let typeURL = TypeURL.prefix + "envoy.config.bootstrap.v3.Bootstrap"

    /// What `ads` stands for.
    static func aggregated(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap
    ) throws(BootstrapError) -> DiscoveryService? {
        guard message.hasDynamicResources, message.dynamicResources.hasAdsConfig else { return nil }
        let path = "dynamic_resources.ads_config"
        let service: DiscoveryService
        do {
            service = try ConfigurationSourceDecoder.aggregated(
                message.dynamicResources.adsConfig, path: path, typeURL: Self.typeURL)
        } catch {
            throw BootstrapError(path: error.path, reason: error.message)
        }
        _ = try Self.endpoint(of: service, in: message, path: "\(path).grpc_services[0].envoy_grpc.cluster_name")
        return service
    }

    /// `lds_config` and `cds_config`: where all of a type comes from.
    static func sources(
        _ message: Envoy_Config_Bootstrap_V3_Bootstrap
    ) throws(BootstrapError) -> [ResourceType: ConfigurationSource] {
        let dynamic = message.dynamicResources
        var wanted: [(ResourceType, String, Envoy_Config_Core_V3_ConfigSource)] = []
        if dynamic.hasCdsConfig { wanted.append((.cluster, "dynamic_resources.cds_config", dynamic.cdsConfig)) }
        if dynamic.hasLdsConfig { wanted.append((.listener, "dynamic_resources.lds_config", dynamic.ldsConfig)) }
        var sources: [ResourceType: ConfigurationSource] = [:]
        for (type, path, config) in wanted {
            let source: ConfigurationSource
            do {
                source = try ConfigurationSourceDecoder.decode(config, path: path, typeURL: Self.typeURL)
            } catch {
                throw BootstrapError(path: error.path, reason: error.message)
            }
            switch source {
            case .aggregated where !dynamic.hasAdsConfig:
                throw BootstrapError(path: "\(path).ads", reason: "needs dynamic_resources.ads_config")
            case .service(let service):
                _ = try Self.endpoint(
                    of: service, in: message, path: "\(path).api_config_source.grpc_services[0].envoy_grpc.cluster_name")
            case .aggregated, .file:
                break
            }
            sources[type] = source
        }
        return sources
    }

    /// - Parameter path: Of the field that names the cluster.
    static func endpoint(
        of service: DiscoveryService, in message: Envoy_Config_Bootstrap_V3_Bootstrap, path: String
    ) throws(BootstrapError) -> ControlPlaneEndpoint {
        let clusters = message.staticResources.clusters
        guard let index = clusters.firstIndex(where: { $0.name == service.cluster }) else {
            throw BootstrapError(path: path, reason: "'\(service.cluster)' is not among static_resources.clusters")
        }
        let place = "static_resources.clusters[\(index)]"
        let cluster: Cluster
        do {
            cluster = try ClusterDecoder.decode(clusters[index])
        } catch {
            throw BootstrapError(path: "\(place).\(error.path)", reason: "\(error.message) (\(error.typeURL))")
        }
        guard cluster.peerNaming == nil, cluster.tls?.asksForEndpoint != true else {
            throw BootstrapError(
                path: place,
                reason: "a control plane is asked for by sni: auto_sni, auto_san_validation and auto_host_sni are not for it")
        }
        let set: EndpointSet
        switch cluster.endpointSource {
        case .fixed(let fixed), .named(let fixed, _): set = fixed
        default:
            throw BootstrapError(path: "\(place).type", reason: "the way to a control plane needs its endpoints in the bootstrap")
        }
        guard !set.endpoints.isEmpty else { throw BootstrapError(path: "\(place).load_assignment", reason: "needs an endpoint") }
        return ControlPlaneEndpoint(
            cluster: service.cluster, addresses: set.endpoints.sorted { $0.priority < $1.priority }.map(\.address), tls: cluster.tls
        )
    }
}
