// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// The parts of a configuration dump.
struct ConfigDumpSections {
    let bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap
    let statics: ResourceTable
    let status: ConfigurationStatus
    let filter: NameFilter
    let startedAt: Date

    var bootstrapDump: Envoy_Admin_V3_BootstrapConfigDump {
        var dump = Envoy_Admin_V3_BootstrapConfigDump()
        dump.bootstrap = self.bootstrap
        dump.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
        return dump
    }

    var clusters: Envoy_Admin_V3_ClustersConfigDump {
        var dump = Envoy_Admin_V3_ClustersConfigDump()
        dump.versionInfo = self.version(.cluster)
        dump.staticClusters = self.bootstrap.staticResources.clusters.filter { self.filter.takes($0.name) }.compactMap { cluster in
            guard let any = try? Google_Protobuf_Any(message: cluster) else { return nil }
            var entry = Envoy_Admin_V3_ClustersConfigDump.StaticCluster()
            entry.cluster = any
            entry.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
            return entry
        }
        for (name, resource) in self.entries(.cluster) {
            var entry = Envoy_Admin_V3_ClustersConfigDump.DynamicCluster()
            if let resource {
                entry.versionInfo = resource.version
                entry.cluster = Self.any(resource, .cluster)
                entry.lastUpdated = self.updated(.cluster)
            }
            if let failure = self.failure(name, .cluster) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            if resource == nil { dump.dynamicWarmingClusters.append(entry) } else { dump.dynamicActiveClusters.append(entry) }
        }
        return dump
    }

    var listeners: Envoy_Admin_V3_ListenersConfigDump {
        var dump = Envoy_Admin_V3_ListenersConfigDump()
        dump.versionInfo = self.version(.listener)
        dump.staticListeners = self.statics[.listener].filter { self.filter.takes($0.name) }.map { resource in
            var entry = Envoy_Admin_V3_ListenersConfigDump.StaticListener()
            entry.listener = Self.any(resource, .listener)
            entry.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
            return entry
        }
        dump.dynamicListeners = self.entries(.listener).map { name, resource in
            var entry = Envoy_Admin_V3_ListenersConfigDump.DynamicListener()
            entry.name = name
            if let resource {
                entry.activeState.versionInfo = resource.version
                entry.activeState.listener = Self.any(resource, .listener)
                entry.activeState.lastUpdated = self.updated(.listener)
            }
            if let failure = self.failure(name, .listener) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            return entry
        }
        return dump
    }

    var routes: Envoy_Admin_V3_RoutesConfigDump {
        var dump = Envoy_Admin_V3_RoutesConfigDump()
        dump.staticRouteConfigs = self.inlineRoutes.filter { self.filter.takes($0.name) }.compactMap { table in
            guard let any = try? Google_Protobuf_Any(message: table) else { return nil }
            var entry = Envoy_Admin_V3_RoutesConfigDump.StaticRouteConfig()
            entry.routeConfig = any
            entry.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
            return entry
        }
        dump.dynamicRouteConfigs = self.entries(.routes).map { name, resource in
            var entry = Envoy_Admin_V3_RoutesConfigDump.DynamicRouteConfig()
            if let resource {
                entry.versionInfo = resource.version
                entry.routeConfig = Self.any(resource, .routes)
                entry.lastUpdated = self.updated(.routes)
            }
            if let failure = self.failure(name, .routes) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            return entry
        }
        return dump
    }

    var endpoints: Envoy_Admin_V3_EndpointsConfigDump {
        var dump = Envoy_Admin_V3_EndpointsConfigDump()
        dump.dynamicEndpointConfigs = self.status.table[.endpoints].filter { self.filter.takes($0.name) }.map { resource in
            var entry = Envoy_Admin_V3_EndpointsConfigDump.DynamicEndpointConfig()
            entry.versionInfo = resource.version
            entry.endpointConfig = Self.any(resource, .endpoints)
            entry.lastUpdated = self.updated(.endpoints)
            entry.clientStatus = .acked
            return entry
        }
        return dump
    }

    /// Route tables that stand in listeners.
    private var inlineRoutes: [Envoy_Config_Route_V3_RouteConfiguration] {
        self.status.table.merging(self.statics)[.listener].flatMap { resource in
            let listener = try? Envoy_Config_Listener_V3_Listener(serializedBytes: resource.payload)
            return listener.map { ResourceReferences.connectionManagers(in: $0) } ?? []
        }.compactMap { manager in
            guard case .routeConfig(let table)? = manager.routeSpecifier else { return nil }
            return table
        }
    }

    /// The control plane's name for what there is, else the content's digest; nothing where nothing was delivered.
    private func version(_ type: ResourceType) -> String {
        let resources = self.status.table[type]
        return resources.isEmpty ? "" : self.status.versions[type] ?? ResourceVersion.of(ResourceSet(resources))
    }

    private func updated(_ type: ResourceType) -> Google_Protobuf_Timestamp {
        Google_Protobuf_Timestamp(date: self.status.updatedAt[type] ?? self.startedAt)
    }

    private func failure(_ name: String, _ type: ResourceType) -> Envoy_Admin_V3_UpdateFailureState? {
        guard let rejection = self.status.rejections[type]?[name] else { return nil }
        var failure = Envoy_Admin_V3_UpdateFailureState()
        failure.details = rejection.message
        failure.versionInfo = rejection.version
        failure.lastUpdateAttempt = Google_Protobuf_Timestamp(date: rejection.at)
        return failure
    }

    /// What is in effect, and what never was because it was refused; sorted.
    private func entries(_ type: ResourceType) -> [(name: String, resource: XDSResource?)] {
        let present = self.status.table[type].map { (name: $0.name, resource: Optional($0)) }
        let refused = Set((self.status.rejections[type] ?? [:]).keys).subtracting(self.status.table.names(of: type))
        return (present + refused.map { (name: $0, resource: nil) }).filter { self.filter.takes($0.name) }
            .sorted { $0.name < $1.name }
    }

    private static func any(_ resource: XDSResource, _ type: ResourceType) -> Google_Protobuf_Any {
        var any = Google_Protobuf_Any()
        any.typeURL = type.typeURL
        any.value = Data(resource.payload)
        return any
    }
}
