// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// The parts of a configuration dump.
struct ConfigDumpSections {
    let bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap
    let statics: ResourceTable
    let status: ConfigurationAgent.Status
    let startedAt: Date

    var bootstrapDump: Envoy_Admin_V3_BootstrapConfigDump {
        var dump = Envoy_Admin_V3_BootstrapConfigDump()
        dump.bootstrap = self.bootstrap
        // Static secrets may hold keys.
        dump.bootstrap.staticResources.secrets = self.bootstrap.staticResources.secrets.map(SecretsDump.redacted)
        dump.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
        return dump
    }

    var clusters: Envoy_Admin_V3_ClustersConfigDump {
        var dump = Envoy_Admin_V3_ClustersConfigDump()
        dump.versionInfo = ResourceVersion.of(ResourceSet(self.status.table[.cluster]))
        dump.staticClusters = self.bootstrap.staticResources.clusters.compactMap { cluster in
            guard let any = try? Google_Protobuf_Any(message: cluster) else { return nil }
            var entry = Envoy_Admin_V3_ClustersConfigDump.StaticCluster()
            entry.cluster = any
            entry.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
            return entry
        }
        dump.dynamicActiveClusters = self.status.table[.cluster].map { resource in
            var entry = Envoy_Admin_V3_ClustersConfigDump.DynamicCluster()
            entry.versionInfo = resource.version
            entry.cluster = Self.any(resource, .cluster)
            entry.lastUpdated = self.updated(.cluster)
            if let failure = self.failure(resource, .cluster) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            return entry
        }
        return dump
    }

    var listeners: Envoy_Admin_V3_ListenersConfigDump {
        var dump = Envoy_Admin_V3_ListenersConfigDump()
        dump.versionInfo = ResourceVersion.of(ResourceSet(self.status.table[.listener]))
        dump.staticListeners = self.statics[.listener].map { resource in
            var entry = Envoy_Admin_V3_ListenersConfigDump.StaticListener()
            entry.listener = Self.any(resource, .listener)
            entry.lastUpdated = Google_Protobuf_Timestamp(date: self.startedAt)
            return entry
        }
        dump.dynamicListeners = self.status.table[.listener].map { resource in
            var entry = Envoy_Admin_V3_ListenersConfigDump.DynamicListener()
            entry.name = resource.name
            entry.activeState.versionInfo = resource.version
            entry.activeState.listener = Self.any(resource, .listener)
            entry.activeState.lastUpdated = self.updated(.listener)
            if let failure = self.failure(resource, .listener) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            return entry
        }
        return dump
    }

    var routes: Envoy_Admin_V3_RoutesConfigDump {
        var dump = Envoy_Admin_V3_RoutesConfigDump()
        dump.dynamicRouteConfigs = self.status.table[.routes].map { resource in
            var entry = Envoy_Admin_V3_RoutesConfigDump.DynamicRouteConfig()
            entry.versionInfo = resource.version
            entry.routeConfig = Self.any(resource, .routes)
            entry.lastUpdated = self.updated(.routes)
            if let failure = self.failure(resource, .routes) { entry.errorState = failure }
            entry.clientStatus = entry.hasErrorState ? .nacked : .acked
            return entry
        }
        return dump
    }

    var endpoints: Envoy_Admin_V3_EndpointsConfigDump {
        var dump = Envoy_Admin_V3_EndpointsConfigDump()
        dump.dynamicEndpointConfigs = self.status.table[.endpoints].map { resource in
            var entry = Envoy_Admin_V3_EndpointsConfigDump.DynamicEndpointConfig()
            entry.versionInfo = resource.version
            entry.endpointConfig = Self.any(resource, .endpoints)
            entry.lastUpdated = self.updated(.endpoints)
            entry.clientStatus = .acked
            return entry
        }
        return dump
    }

    private func updated(_ type: ResourceType) -> Google_Protobuf_Timestamp {
        Google_Protobuf_Timestamp(date: self.status.updatedAt[type] ?? self.startedAt)
    }

    private func failure(_ resource: XDSResource, _ type: ResourceType) -> Envoy_Admin_V3_UpdateFailureState? {
        guard let rejection = self.status.rejections[type], rejection.names.contains(resource.name) else { return nil }
        var failure = Envoy_Admin_V3_UpdateFailureState()
        failure.details = rejection.message
        failure.lastUpdateAttempt = Google_Protobuf_Timestamp(date: rejection.at)
        return failure
    }

    private static func any(_ resource: XDSResource, _ type: ResourceType) -> Google_Protobuf_Any {
        var any = Google_Protobuf_Any()
        any.typeURL = type.typeURL
        any.value = Data(resource.payload)
        return any
    }
}
