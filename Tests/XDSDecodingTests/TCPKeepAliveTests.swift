// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

@Suite struct TCPKeepAliveTests {
    @Test(
        arguments: [
            ("", nil), (#", "upstreamConnectionOptions": {}"#, nil),
            (#", "upstreamConnectionOptions": {"tcpKeepalive": {}}"#, TCPKeepAlive()),
            (
                #", "upstreamConnectionOptions": {"tcpKeepalive": {"keepaliveProbes": 3, "keepaliveTime": 60, "keepaliveInterval": 0}}"#,
                TCPKeepAlive(probes: 3, time: 60)
            ),
        ] as [(String, TCPKeepAlive?)])
    func `probes are asked for where the cluster says so`(_ part: String, _ wanted: TCPKeepAlive?) throws {
        let cluster = try Envoy_Config_Cluster_V3_Cluster(jsonString: #"{"name": "c", "type": "STATIC"\#(part)}"#)
        #expect(try ClusterDecoder.decode(cluster).tcpKeepAlive == wanted)
    }
}
