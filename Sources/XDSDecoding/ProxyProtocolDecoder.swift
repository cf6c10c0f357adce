// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// The PROXY protocol: what the listener filter and the transport socket have in common, and the latter.
enum ProxyProtocolDecoder {
    static func version(
        _ version: Envoy_Config_Core_V3_ProxyProtocolConfig.Version, _ context: FieldContext
    ) throws(DecodingError) -> ProxyProtocolVersion {
        switch version {
        case .v1: .v1
        case .v2: .v2
        case .UNRECOGNIZED: throw context.error("is not known")
        }
    }

    static func selection(
        _ wanted: Envoy_Config_Core_V3_ProxyProtocolPassThroughTLVs, _ context: FieldContext
    ) throws(DecodingError) -> ProxyProtocolSelection {
        switch wanted.matchType {
        case .includeAll: return .all
        case .include:
            var types: Set<UInt8> = []
            for (index, type) in wanted.tlvType.enumerated() {
                types.insert(try Self.type(type, context.element("tlv_type", index)))
            }
            return .types(types)
        case .UNRECOGNIZED: throw context.field("match_type").error("is not known")
        }
    }

    private static func type(_ type: UInt32, _ context: FieldContext) throws(DecodingError) -> UInt8 {
        guard let type = UInt8(exactly: type) else { throw context.error("is above 255") }
        return type
    }

    /// What goes before everything else (nil: nothing), and the transport behind it (nil: plaintext).
    static func client(
        _ socket: Envoy_Config_Core_V3_TransportSocket, _ context: FieldContext
    ) throws(DecodingError) -> (ProxyProtocolOutput?, ClientTLSContext?) {
        guard case .typedConfig(let any)? = socket.configType, any.typeURL == TypeURL.upstreamProxyProtocol else {
            return (nil, try TLSDecoder.client(socket, context))
        }
        let (transport, inner) = try context.field("typed_config").unpack(
            any, as: Envoy_Extensions_TransportSockets_ProxyProtocol_V3_ProxyProtocolUpstreamTransport.self)
        let place = inner.field("config")
        var output = ProxyProtocolOutput(version: try Self.version(transport.config.version, place.field("version")))
        if transport.config.hasPassThroughTlvs {
            output.passedValues = try Self.selection(transport.config.passThroughTlvs, place.field("pass_through_tlvs"))
        }
        for (index, entry) in transport.config.addedTlvs.enumerated() {
            let place = place.element("added_tlvs", index)
            guard entry.value.count <= Int(UInt16.max) else { throw place.field("value").error("is too long") }
            output.addedValues.append(
                ProxyProtocolValue(type: try Self.type(entry.type, place.field("type")), bytes: Array(entry.value)))
        }
        guard transport.hasTransportSocket else { throw inner.field("transport_socket").error("is missing") }
        let tls = try TLSDecoder.client(transport.transportSocket, inner.field("transport_socket"))
        return (output, tls)
    }
}
