// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// ConfigSource and ApiConfigSource → ConfigurationSource.
package enum ConfigurationSourceDecoder {
    /// - Parameter path: Of the field, in the message that `typeURL` names.
    package static func decode(
        _ source: Envoy_Config_Core_V3_ConfigSource, path: String, typeURL: String
    ) throws(DecodingError) -> ConfigurationSource {
        try Self.decode(source, FieldContext(typeURL: typeURL, path: path))
    }

    /// `ads_config`: what `ads` stands for everywhere.
    package static func aggregated(
        _ source: Envoy_Config_Core_V3_ApiConfigSource, path: String, typeURL: String
    ) throws(DecodingError) -> DiscoveryService {
        try Self.service(source, FieldContext(typeURL: typeURL, path: path))
    }

    static func decode(
        _ source: Envoy_Config_Core_V3_ConfigSource, _ context: FieldContext
    ) throws(DecodingError) -> ConfigurationSource {
        try Self.version(source.resourceApiVersion, context.field("resource_api_version"))
        switch source.configSourceSpecifier {
        case .ads: return .aggregated
        case .apiConfigSource(let service): return .service(try Self.service(service, context.field("api_config_source")))
        case .pathConfigSource(let file):
            return .file(try context.field("path_config_source").nonEmpty(file.path, "path"))
        case .self_p: throw context.field("self").error("is not supported by this proxy")
        case nil: throw context.error("has no source: ads, api_config_source or path_config_source")
        }
    }

    private static func service(
        _ source: Envoy_Config_Core_V3_ApiConfigSource, _ context: FieldContext
    ) throws(DecodingError) -> DiscoveryService {
        try Self.version(source.transportApiVersion, context.field("transport_api_version"))
        try context.refuse(!source.clusterNames.isEmpty, "cluster_names")
        try context.refuse(source.hasRefreshDelay, "refresh_delay")
        try context.refuse(source.hasRequestTimeout, "request_timeout")
        let isDelta: Bool
        switch source.apiType {
        case .grpc: isDelta = false
        case .deltaGrpc: isDelta = true
        default: throw context.field("api_type").error("\(source.apiType) is not supported by this proxy: GRPC and DELTA_GRPC are")
        }
        let place = context.field("grpc_services")
        guard let service = source.grpcServices.first, source.grpcServices.count == 1 else {
            throw place.error("has to hold one service")
        }
        let only = context.element("grpc_services", 0)
        guard case .envoyGrpc(let cluster)? = service.targetSpecifier else { throw only.error("needs an envoy_grpc service") }
        var result = DiscoveryService(
            cluster: try only.nonEmpty(cluster.clusterName, "envoy_grpc.cluster_name"), isDelta: isDelta,
            authority: cluster.authority.isEmpty ? nil : cluster.authority)
        for (index, header) in service.initialMetadata.enumerated() {
            result.initialMetadata.append(try Self.header(header, only.element("initial_metadata", index)))
        }
        return result
    }

    private static func header(
        _ header: Envoy_Config_Core_V3_HeaderValue, _ context: FieldContext
    ) throws(DecodingError) -> DiscoveryService.Header {
        let name = header.key.lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy({ Self.isName($0) }), !name.hasPrefix("grpc-"), !name.hasSuffix("-bin") else {
            throw context.field("key").error("\(name.debugDescription) is no header that a stream may begin with")
        }
        guard header.value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw context.field("value").error("holds other bytes than printable ASCII")
        }
        guard !header.value.contains("%") else {
            throw context.field("value").error("holds a %: substitution is not supported by this proxy")
        }
        return DiscoveryService.Header(name: name, value: header.value)
    }

    /// gRPC, "Requests": digits, lower-case letters, `_`, `-` and `.`.
    private static func isName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func version(_ version: Envoy_Config_Core_V3_ApiVersion, _ context: FieldContext) throws(DecodingError) {
        guard version == .v3 || version == .auto else { throw context.error("only V3 is spoken") }
    }
}
