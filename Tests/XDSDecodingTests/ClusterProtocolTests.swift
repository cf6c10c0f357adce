// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// What HTTP is spoken with the endpoints of a cluster, and under which names.
@Suite struct ClusterProtocolTests {
    private static let tls = #""transportSocket": {"name": "tls", "typedConfig": \#(context)}"#
    private static let context =
        #"{"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"}"#
    private static let raw =
        #"{"@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}"#

    private static func cluster(_ options: String, _ transport: String = Self.tls) throws -> Cluster {
        ExtensionTypes.register()
        let type = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        let transport = transport.isEmpty ? "" : "\(transport),"
        return try ClusterDecoder.decode(
            Envoy_Config_Cluster_V3_Cluster(
                jsonString: #"""
                    {"name": "c", "type": "STATIC", \#(transport) "typedExtensionProtocolOptions": {
                      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {"@type": "\#(type)", \#(options)}}}
                    """#))
    }

    @Test func `the protocol may be the endpoint's choice`() throws {
        let cluster = try Self.cluster(
            #""autoConfig": {"httpProtocolOptions": {}, "http2ProtocolOptions": {"maxConcurrentStreams": 7}}"#)
        #expect(cluster.upstreamProtocol == .negotiated)
        #expect(cluster.http2 == HTTP2Options(concurrentStreams: 7))
        #expect(cluster.peerNaming == nil)
        #expect(try Self.cluster(#""autoConfig": {}"#).http2 == HTTP2Options())
    }

    @Test(
        arguments: [
            "", #""transportSocket": {"name": "raw", "typedConfig": \#(raw)}"#,
            #"\#(tls), "transportSocketMatches": [{"name": "m", "match": {}, "transportSocket": {"name": "r", "typedConfig": \#(raw)}}]"#,
            #""transportSocketMatches": [{"name": "m", "match": {}, "transportSocket": {"name": "t", "typedConfig": \#(context)}}]"#,
        ])
    func `that takes TLS to every endpoint`(transport: String) throws {
        let error = #expect(throws: DecodingError.self) { try Self.cluster(#""autoConfig": {}"#, transport) }
        #expect(error?.path.hasSuffix(".auto_config") ?? false)
    }

    @Test(
        arguments: [
            ("", nil), (#""autoSni": true"#, PeerNaming(asksForHost: true, checksHost: false)),
            (#""autoSanValidation": true"#, PeerNaming(asksForHost: false, checksHost: true)),
            (
                #""autoSni": true, "autoSanValidation": true, "overrideAutoSniHeader": "X-Name""#,
                PeerNaming(asksForHost: true, checksHost: true, header: "x-name")
            ),
            (
                #""autoSni": true, "overrideAutoSniHeader": ":path""#,
                PeerNaming(asksForHost: true, checksHost: false, header: ":path")
            ), (#""overrideAutoSniHeader": "x-name""#, nil),
        ] as [(String, PeerNaming?)])
    func `endpoints may be called by the hosts of requests`(fields: String, expected: PeerNaming?) throws {
        let options = #""explicitHttpConfig": {"httpProtocolOptions": {}}, "upstreamHttpProtocolOptions": {\#(fields)}"#
        #expect(try Self.cluster(options).peerNaming == expected)
    }

    @Test(arguments: [("", "sni", false), ("e.test", "e.test", true), ("", "sni", true), ("127.0.0.1", "sni", true)])
    func `or by their own`(hostname: String, name: String, isAsked: Bool) throws {
        let context = Self.context.dropLast() + #", "sni": "sni", "autoHostSni": \#(isAsked)}"#
        let cluster = try Self.cluster(
            #""explicitHttpConfig": {"httpProtocolOptions": {}}"#,
            #""transportSocket": {"name": "tls", "typedConfig": \#(context)}"#)
        let endpoint = Endpoint(address: .host("127.0.0.1", port: 1), hostname: hostname)
        #expect(cluster.tls(for: endpoint)?.serverName == name)
    }

    @Test(arguments: ["x name", ":", "ñ"])
    func `a header's name is one`(name: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try Self.cluster(#""upstreamHttpProtocolOptions": {"autoSni": true, "overrideAutoSniHeader": "\#(name)"}"#)
        }
        #expect(error?.path.hasSuffix(".upstream_http_protocol_options.override_auto_sni_header") ?? false)
    }
}
