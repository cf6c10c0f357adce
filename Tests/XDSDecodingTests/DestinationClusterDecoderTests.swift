// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// Clusters that go where clients want, and transports that say for whom.
@Suite struct DestinationClusterDecoderTests {
    private static func decode(_ fields: String) throws -> Cluster {
        ExtensionTypes.register()
        return try ClusterDecoder.decode(Envoy_Config_Cluster_V3_Cluster(jsonString: #"{"name": "c", \#(fields)}"#))
    }

    @Test(
        arguments: [
            ("", OriginalDestinationPolicy()),
            (#", "cleanupInterval": "1s""#, OriginalDestinationPolicy(cleanupInterval: .seconds(1))),
            (
                #", "originalDstLbConfig": {"useHttpHeader": true, "upstreamPortOverride": 81}"#,
                OriginalDestinationPolicy(headerName: "x-envoy-original-dst-host", port: 81)
            ),
            (
                #", "originalDstLbConfig": {"useHttpHeader": true, "httpHeaderName": "X-To"}"#,
                OriginalDestinationPolicy(headerName: "x-to")
            ),
        ])
    func `an ORIGINAL_DST cluster is read`(fields: String, expected: OriginalDestinationPolicy) throws {
        let cluster = try Self.decode(#""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED"\#(fields)"#)
        #expect(cluster.endpointSource == .originalDestination(expected))
    }

    @Test(
        arguments: [
            (#""type": "ORIGINAL_DST""#, "lb_policy"), (#""type": "STATIC", "lbPolicy": "CLUSTER_PROVIDED""#, "lb_policy"),
            (
                #""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED", "originalDstLbConfig": {"httpHeaderName": "a"}"#,
                "original_dst_lb_config.http_header_name"
            ),
            (
                #""type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED", "loadAssignment": {"endpoints": [{}]}"#,
                "load_assignment"
            ),
        ])
    func `a mistake is named`(fields: String, path: String) throws {
        let error = #expect(throws: DecodingError.self) { try Self.decode(fields) }
        #expect(error?.path == path)
    }

    @Test func `the PROXY protocol goes before another transport`() throws {
        let type = "type.googleapis.com/envoy.extensions.transport_sockets"
        let cluster = try Self.decode(
            """
            "type": "STATIC", "transportSocket": {"name": "p", "typedConfig": {
              "@type": "\(type).proxy_protocol.v3.ProxyProtocolUpstreamTransport",
              "config": {"version": "V2", "passThroughTlvs": {"matchType": "INCLUDE_ALL"}, "addedTlvs": [{"type": 225, "value": "AQ=="}]},
              "transportSocket": {"name": "t", "typedConfig": {"@type": "\(type).tls.v3.UpstreamTlsContext", "sni": "a"}}}}
            """)
        #expect(cluster.tls?.serverName == "a")
        let value = ProxyProtocolValue(type: 225, bytes: [1])
        #expect(cluster.proxyProtocol == ProxyProtocolOutput(version: .v2, passedValues: .all, addedValues: [value]))
    }
}
