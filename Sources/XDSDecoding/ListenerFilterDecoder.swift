// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// What looks at a connection before its filter chain is chosen.
enum ListenerFilterDecoder {
    static func decode(
        _ filter: Envoy_Config_Listener_V3_ListenerFilter, _ context: FieldContext
    ) throws(DecodingError) -> ListenerFilter {
        guard case .typedConfig(let any)? = filter.configType else { throw context.error("has no configuration") }
        let place = context.field("typed_config")
        switch any.typeURL {
        case TypeURL.tlsInspector:
            let (inspector, inner) = try place.unpack(
                any, as: Envoy_Extensions_Filters_Listener_TlsInspector_V3_TlsInspector.self)
            try inner.refuse(inspector.enableJa3Fingerprinting.value, "enable_ja3_fingerprinting")
            return .tlsInspector
        case TypeURL.httpInspector:
            _ = try place.unpack(any, as: Envoy_Extensions_Filters_Listener_HttpInspector_V3_HttpInspector.self)
            return .httpInspector
        case TypeURL.originalDestination:
            _ = try place.unpack(any, as: Envoy_Extensions_Filters_Listener_OriginalDst_V3_OriginalDst.self)
            return .originalDestination
        case TypeURL.proxyProtocol:
            let (settings, inner) = try place.unpack(
                any, as: Envoy_Extensions_Filters_Listener_ProxyProtocol_V3_ProxyProtocol.self)
            return .proxyProtocol(try Self.proxyProtocol(settings, inner))
        default:
            throw place.error("\(any.typeURL) is not supported by this proxy")
        }
    }

    private static func proxyProtocol(
        _ settings: Envoy_Extensions_Filters_Listener_ProxyProtocol_V3_ProxyProtocol, _ context: FieldContext
    ) throws(DecodingError) -> ProxyProtocolPolicy {
        var policy = ProxyProtocolPolicy(allowsOthers: settings.allowRequestsWithoutProxyProtocol)
        for (index, version) in settings.disallowedVersions.enumerated() {
            policy.versions.remove(try ProxyProtocolDecoder.version(version, context.element("disallowed_versions", index)))
        }
        if policy.versions.isEmpty { throw context.field("disallowed_versions").error("leaves no version") }
        if settings.hasPassThroughTlvs {
            policy.keptValues = try ProxyProtocolDecoder.selection(
                settings.passThroughTlvs, context.field("pass_through_tlvs"))
        }
        return policy
    }
}
