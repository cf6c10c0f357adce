// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

@Suite struct HTTP2OptionsDecoderTests {
    private static func cluster(_ options: String) throws -> Cluster {
        ExtensionTypes.register()
        let type = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
        return try ClusterDecoder.decode(
            Envoy_Config_Cluster_V3_Cluster(
                jsonString: #"""
                    {"name": "c", "type": "STATIC", "typedExtensionProtocolOptions": {
                      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {"@type": "\#(type)",
                        "explicitHttpConfig": {"http2ProtocolOptions": {\#(options)}}}}}
                    """#))
    }

    @Test(
        arguments: [
            ("", HTTP2Options()),
            (
                #""maxConcurrentStreams": 7, "initialStreamWindowSize": 65535, "initialConnectionWindowSize": 70000"#,
                HTTP2Options(concurrentStreams: 7, streamWindow: 65_535, connectionWindow: 70_000)
            ),
            (
                #""connectionKeepalive": {"timeout": "2s"}, "allowConnect": true"#,
                HTTP2Options(acceptsConnect: true, keepAlive: .init(timeout: .seconds(2)))
            ),
            (
                #"""
                "connectionKeepalive": {"interval": "10s", "timeout": "2s", "intervalJitter": {"value": 0},
                  "connectionIdleInterval": "0.5s"}
                """#,
                HTTP2Options(
                    keepAlive: .init(
                        interval: .seconds(10), timeout: .seconds(2), jitter: 0, idleInterval: .milliseconds(500)))
            ),
        ])
    func `what is said of HTTP/2 is read`(fields: String, expected: HTTP2Options) throws {
        #expect(try Self.cluster(fields).http2 == expected)
    }

    @Test(
        arguments: [
            (#""maxConcurrentStreams": 0"#, "max_concurrent_streams"),
            (#""initialStreamWindowSize": 65534"#, "initial_stream_window_size"),
            (#""initialConnectionWindowSize": 4294967295"#, "initial_connection_window_size"),
            (#""connectionKeepalive": {"interval": "1s"}"#, "connection_keepalive.timeout"),
            (#""connectionKeepalive": {"timeout": "0s"}"#, "connection_keepalive.timeout"),
            (
                #""connectionKeepalive": {"timeout": "1s", "intervalJitter": {"value": 101}}"#,
                "connection_keepalive.interval_jitter"
            ),
        ])
    func `what is out of range is named`(fields: String, path: String) throws {
        let error = #expect(throws: DecodingError.self) { try Self.cluster(fields) }
        #expect(error?.path.hasSuffix("http2_protocol_options.\(path)") ?? false)
    }
}
