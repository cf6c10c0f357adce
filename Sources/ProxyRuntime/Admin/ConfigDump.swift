// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// `/config_dump`, in Envoy's shape. `?include_eds` adds endpoints; `?resource=FIELD` gives one field's members only.
struct ConfigDump {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response(_ request: AdminRequest) async -> AdminResponse {
        ExtensionTypes.register()
        let status = await self.sources.configuration.status
        do {
            let statics = try ResourceTable(statics: self.sources.bootstrap)
            let sections = ConfigDumpSections(
                bootstrap: self.sources.bootstrap.message, statics: statics, status: status, startedAt: self.sources.startedAt)
            if let field = request.query["resource"], !field.isEmpty { return try self.one(field, sections) }
            var dump = Envoy_Admin_V3_ConfigDump()
            dump.configs = [
                try Google_Protobuf_Any(message: sections.bootstrapDump), try Google_Protobuf_Any(message: sections.clusters),
            ]
            if request.query["include_eds"] != nil { dump.configs.append(try Google_Protobuf_Any(message: sections.endpoints)) }
            dump.configs += [
                try Google_Protobuf_Any(message: sections.listeners), try Google_Protobuf_Any(message: sections.routes),
                try Google_Protobuf_Any(message: SecretsDump.message(self.sources.certificates.current)),
            ]
            return .json(try Self.text(dump) + "\n")
        } catch {
            return AdminResponse(status: 500, body: "configuration cannot be shown: \(error)\n")
        }
    }

    private func one(_ field: String, _ sections: ConfigDumpSections) throws -> AdminResponse {
        var dump = Envoy_Admin_V3_ConfigDump()
        switch field {
        case "dynamic_active_clusters":
            dump.configs = try sections.clusters.dynamicActiveClusters.map { try Google_Protobuf_Any(message: $0) }
        case "static_clusters": dump.configs = try sections.clusters.staticClusters.map { try Google_Protobuf_Any(message: $0) }
        case "dynamic_listeners":
            dump.configs = try sections.listeners.dynamicListeners.map { try Google_Protobuf_Any(message: $0) }
        case "static_listeners":
            dump.configs = try sections.listeners.staticListeners.map { try Google_Protobuf_Any(message: $0) }
        case "dynamic_route_configs":
            dump.configs = try sections.routes.dynamicRouteConfigs.map { try Google_Protobuf_Any(message: $0) }
        case "dynamic_endpoint_configs":
            dump.configs = try sections.endpoints.dynamicEndpointConfigs.map { try Google_Protobuf_Any(message: $0) }
        default:
            return AdminResponse(status: 404, body: "\(field.prefix(64)) not found in config dump\n")
        }
        return .json(try Self.text(dump) + "\n")
    }

    private static func text(_ message: some Message) throws -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.useDeterministicOrdering = true
        return try message.jsonString(options: options)
    }
}
