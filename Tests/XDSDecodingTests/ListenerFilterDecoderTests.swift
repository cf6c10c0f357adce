// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// What stands before filter chains.
@Suite struct ListenerFilterDecoderTests {
    private static func decode(_ fields: String) throws -> Listener {
        ExtensionTypes.register()
        let json = """
            {"name": "l", "address": {"pipe": {"path": "/run/l.sock", "mode": 384}}, \(fields)
             "filterChains": [{"filterChainMatch": {"sourceType": "EXTERNAL", "directSourcePrefixRanges":
               [{"addressPrefix": "10.0.0.0", "prefixLen": 8}]},
               "filters": [{"name": "tcp", "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
               "statPrefix": "s", "cluster": "c"}}]}]}
            """
        return try ListenerDecoder.decode(Envoy_Config_Listener_V3_Listener(jsonString: json))
    }

    private static func filter(_ type: String, _ fields: String = "") -> String {
        #"{"name": "f", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.listener.\#(type)"\#(fields)}}"#
    }

    private static let proxyProtocol = "proxy_protocol.v3.ProxyProtocol"

    @Test func `filters keep their order`() throws {
        let filters = [
            Self.filter(Self.proxyProtocol), Self.filter("original_dst.v3.OriginalDst"),
            Self.filter("tls_inspector.v3.TlsInspector"),
            Self.filter("http_inspector.v3.HttpInspector"),
        ]
        let listener = try Self.decode(
            #""listenerFilters": [\#(filters.joined(separator: ", "))], "continueOnListenerFiltersTimeout": true,"#)
        #expect(
            listener.listenerFilters == [
                .proxyProtocol(ProxyProtocolPolicy()), .originalDestination, .tlsInspector, .httpInspector,
            ])
        #expect(listener.inspectionTimeout == .seconds(15))
        #expect(listener.continuesOnInspectionTimeout)
        #expect(listener.bindsToPort)
        #expect(listener.socketMode == 0o600)
        let match = try #require(listener.filterChains.first?.match)
        #expect(match.sourceType == .external)
        #expect(match.directSourceRanges == [AddressRange(address: "10.0.0.0", prefixLength: 8)])
    }

    @Test func `who hands over knows where connections went`() throws {
        let listener = try Self.decode(#""useOriginalDst": true, "bindToPort": false,"#)
        #expect(listener.listenerFilters == [.originalDestination])
        #expect(listener.handsOverRedirected)
        #expect(!listener.bindsToPort)
    }

    @Test func `the PROXY protocol has its settings`() throws {
        let fields = """
            , "allowRequestsWithoutProxyProtocol": true, "disallowedVersions": ["V1"],
            "passThroughTlvs": {"matchType": "INCLUDE", "tlvType": [1, 255]}
            """
        let listener = try Self.decode(#""listenerFilters": [\#(Self.filter(Self.proxyProtocol, fields))],"#)
        let expected = ProxyProtocolPolicy(allowsOthers: true, versions: [.v2], keptValues: .types([1, 255]))
        #expect(listener.listenerFilters == [.proxyProtocol(expected)])
    }

    @Test(
        arguments: [
            (#", "disallowedVersions": ["V1", "V2"]"#, "listener_filters[0].typed_config.disallowed_versions"),
            (
                #", "passThroughTlvs": {"matchType": "INCLUDE", "tlvType": [256]}"#,
                "listener_filters[0].typed_config.pass_through_tlvs.tlv_type[0]"
            ),
        ])
    func `a mistake is named`(fields: String, path: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try Self.decode(#""listenerFilters": [\#(Self.filter(Self.proxyProtocol, fields))],"#)
        }
        #expect(error?.path == path)
    }
}
