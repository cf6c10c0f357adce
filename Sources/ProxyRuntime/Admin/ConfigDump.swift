// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// `/config_dump`, in Envoy's shape. `?include_eds` adds endpoints; `?resource=FIELD` gives one field's members only,
/// `?name_regex=` those whose names match, `?mask=` some of their fields.
struct ConfigDump {
    /// Fields of the sections that hold one thing.
    private static let singleFields: Set<String> = ["bootstrap", "last_updated", "version_info"]

    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response(_ request: AdminRequest) async -> AdminResponse {
        ExtensionTypes.register()
        let mask = DumpMask(request.query["mask"])
        guard let filter = try? NameFilter(request.query["name_regex"]) else {
            return AdminResponse(status: 400, body: "Error while parsing name_regex from the request\n")
        }
        let status = await self.sources.configuration.status
        do {
            let statics = try ResourceTable(statics: self.sources.bootstrap)
            let sections = ConfigDumpSections(
                bootstrap: self.sources.bootstrap.message, statics: statics, status: status, filter: filter,
                startedAt: self.sources.startedAt)
            let secrets = try SecretsDump.message(self.sources.certificates.current, statics: sections.bootstrap, filter)
            var dump = Envoy_Admin_V3_ConfigDump()
            if let field = request.query["resource"], !field.isEmpty {
                guard !Self.singleFields.contains(field) else {
                    return AdminResponse(
                        status: 400, contentType: "text/plain",
                        body: "\(field) is not a repeated field. Use ?mask=\(field) to get only this field\n")
                }
                guard let members = try Self.members(field, sections, secrets) else {
                    return AdminResponse(status: 404, body: "\(field.prefix(64)) not found in config dump")
                }
                if let type = Self.entryType(field), let fault = mask?.fault(for: type) {
                    return AdminResponse(
                        status: 400, contentType: "text/plain",
                        body: "FieldMask paths: \"\(fault.prefix(256))\" could not be successfully used.\n")
                }
                dump.configs = members
            } else {
                dump.configs = try self.all(sections, secrets, withEndpoints: request.query["include_eds"] != nil)
            }
            let isEntries = request.query["resource"]?.isEmpty == false
            let text = try SecretRedaction.json(dump) { dump in
                guard let mask, let configs = dump["configs"] as? [[String: Any]] else { return dump }
                let shown = configs.map(mask.applied)
                // Sections without any of the fields are not shown, entries that were asked for are.
                return ["configs": isEntries ? shown : shown.filter { $0.count > 1 }]
            }
            return .json(text + "\n")
        } catch {
            return AdminResponse(status: 500, body: "configuration cannot be shown: \(error)\n")
        }
    }

    private func all(
        _ sections: ConfigDumpSections, _ secrets: Envoy_Admin_V3_SecretsConfigDump, withEndpoints: Bool
    ) throws -> [Google_Protobuf_Any] {
        var configs = [
            try Google_Protobuf_Any(message: sections.bootstrapDump), try Google_Protobuf_Any(message: sections.clusters),
        ]
        if withEndpoints { configs.append(try Google_Protobuf_Any(message: sections.endpoints)) }
        return configs + [
            try Google_Protobuf_Any(message: sections.listeners), try Google_Protobuf_Any(message: sections.routes),
            try Google_Protobuf_Any(message: secrets),
        ]
    }

    /// Nil for a field that no section has.
    private static func members(
        _ field: String, _ sections: ConfigDumpSections, _ secrets: Envoy_Admin_V3_SecretsConfigDump
    ) throws -> [Google_Protobuf_Any]? {
        switch field {
        case "static_clusters": try Self.packed(sections.clusters.staticClusters)
        case "dynamic_active_clusters": try Self.packed(sections.clusters.dynamicActiveClusters)
        case "dynamic_warming_clusters": try Self.packed(sections.clusters.dynamicWarmingClusters)
        case "static_listeners": try Self.packed(sections.listeners.staticListeners)
        case "dynamic_listeners": try Self.packed(sections.listeners.dynamicListeners)
        case "static_route_configs": try Self.packed(sections.routes.staticRouteConfigs)
        case "dynamic_route_configs": try Self.packed(sections.routes.dynamicRouteConfigs)
        case "static_endpoint_configs": try Self.packed(sections.endpoints.staticEndpointConfigs)
        case "dynamic_endpoint_configs": try Self.packed(sections.endpoints.dynamicEndpointConfigs)
        case "static_secrets": try Self.packed(secrets.staticSecrets)
        case "dynamic_active_secrets": try Self.packed(secrets.dynamicActiveSecrets)
        default: nil
        }
    }

    private static func entryType(_ field: String) -> (any Message.Type)? {
        switch field {
        case "static_clusters": Envoy_Admin_V3_ClustersConfigDump.StaticCluster.self
        case "dynamic_active_clusters", "dynamic_warming_clusters": Envoy_Admin_V3_ClustersConfigDump.DynamicCluster.self
        case "static_listeners": Envoy_Admin_V3_ListenersConfigDump.StaticListener.self
        case "dynamic_listeners": Envoy_Admin_V3_ListenersConfigDump.DynamicListener.self
        case "static_route_configs": Envoy_Admin_V3_RoutesConfigDump.StaticRouteConfig.self
        case "dynamic_route_configs": Envoy_Admin_V3_RoutesConfigDump.DynamicRouteConfig.self
        case "static_endpoint_configs": Envoy_Admin_V3_EndpointsConfigDump.StaticEndpointConfig.self
        case "dynamic_endpoint_configs": Envoy_Admin_V3_EndpointsConfigDump.DynamicEndpointConfig.self
        case "static_secrets": Envoy_Admin_V3_SecretsConfigDump.StaticSecret.self
        case "dynamic_active_secrets": Envoy_Admin_V3_SecretsConfigDump.DynamicSecret.self
        default: nil
        }
    }

    private static func packed(_ messages: [some Message]) throws -> [Google_Protobuf_Any] {
        try messages.map { try Google_Protobuf_Any(message: $0) }
    }
}
