// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// `/config_dump`, in Envoy's shape. `?include_eds` adds endpoints; `?resource=FIELD` gives one field's members only,
/// `?name_regex=` those whose names match.
struct ConfigDump {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response(_ request: AdminRequest) async -> AdminResponse {
        ExtensionTypes.register()
        guard request.query["mask"] == nil else {
            return AdminResponse(status: 400, body: "mask is not supported by this proxy\n")
        }
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
                guard let members = try Self.members(field, sections, secrets) else {
                    return AdminResponse(status: 404, body: "\(field.prefix(64)) not found in config dump")
                }
                dump.configs = members
            } else {
                dump.configs = try self.all(sections, secrets, withEndpoints: request.query["include_eds"] != nil)
            }
            return .json(try SecretRedaction.json(dump) + "\n")
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
        case "bootstrap": [try Google_Protobuf_Any(message: sections.bootstrapDump.bootstrap)]
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

    private static func packed(_ messages: [some Message]) throws -> [Google_Protobuf_Any] {
        try messages.map { try Google_Protobuf_Any(message: $0) }
    }
}
