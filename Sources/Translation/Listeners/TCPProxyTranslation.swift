// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// Bytes to a cluster, or to several by weight.
enum TCPProxyTranslation {
    struct Destination: Hashable {
        var cluster: String
        var weight: Int
    }

    /// - Parameter connections: How long they may be silent, and how long they may last.
    static func filter(
        statPrefix: String, to destinations: [Destination], accessLogs: [Wire.AccessLog],
        connections: ConnectionPoolSettings.TCP? = nil
    ) -> Wire.NetworkFilter {
        var proxy = Wire.TCPProxy()
        proxy.statPrefix = statPrefix
        proxy.accessLog = accessLogs
        if let idle = connections?.idleTimeout { proxy.idleTimeout = WireValues.duration(idle) }
        if let age = connections?.maxConnectionDuration, age > .zero {
            proxy.maxDownstreamConnectionDuration = WireValues.duration(age)
        }
        if destinations.count == 1, let only = destinations.first {
            proxy.cluster = only.cluster
        } else {
            proxy.weightedClusters.clusters = destinations.map { destination in
                .with {
                    $0.name = destination.cluster
                    $0.weight = WireValues.uint32(destination.weight)
                }
            }
        }
        return .with {
            $0.name = ExtensionName.tcpProxy
            $0.typedConfig = WireBytes.packed(proxy)
        }
    }
}
