// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// A PROXY header before everything else that a cluster's endpoints are sent.
enum ProxyProtocolTranslation {
    static func wrap(_ cluster: inout Wire.Cluster, version: Envoy_Config_Core_V3_ProxyProtocolConfig.Version) {
        for index in cluster.transportSocketMatches.indices {
            cluster.transportSocketMatches[index].transportSocket = wrapped(
                cluster.transportSocketMatches[index].transportSocket, version)
        }
        // Where endpoints choose among several, one of these always matches.
        guard cluster.transportSocketMatches.isEmpty else { return }
        cluster.transportSocket = wrapped(
            cluster.hasTransportSocket ? cluster.transportSocket : TLSContexts.plaintext, version)
    }

    private static func wrapped(
        _ socket: Wire.TransportSocket, _ version: Envoy_Config_Core_V3_ProxyProtocolConfig.Version
    ) -> Wire.TransportSocket {
        let transport = Envoy_Extensions_TransportSockets_ProxyProtocol_V3_ProxyProtocolUpstreamTransport.with {
            $0.config.version = version
            $0.transportSocket = socket
        }
        return .with {
            $0.name = ExtensionName.upstreamProxyProtocol
            $0.typedConfig = WireBytes.packed(transport)
        }
    }
}
