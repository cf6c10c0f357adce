// SPDX-License-Identifier: Apache-2.0

/// Limits on connections and requests to a destination, per proxy. Zero and absent mean Istio's default: no limit.
package struct ConnectionPoolSettings: Sendable, Hashable {
    package struct TCP: Sendable, Hashable {
        package struct Keepalive: Sendable, Hashable {
            package var probes: Int?
            package var time: Duration?
            package var interval: Duration?
        }

        package var maxConnections: Int?
        /// 10 s unless set.
        package var connectTimeout: Duration?
        package var keepalive: Keepalive?
        package var maxConnectionDuration: Duration?
        /// 1 h unless set.
        package var idleTimeout: Duration?
    }

    package struct HTTP: Sendable, Hashable {
        package enum H2Upgrade: String, Sendable, Hashable, CaseIterable {
            case byDefault = "DEFAULT"
            case never = "DO_NOT_UPGRADE"
            case always = "UPGRADE"
        }

        /// Pings on HTTP/2 connections.
        package struct KeepAlive: Sendable, Hashable {
            package var interval: Duration?
            package var timeout: Duration?
        }

        package var http1MaxPendingRequests: Int?
        package var http2MaxRequests: Int?
        package var maxRequestsPerConnection: Int?
        package var maxRetries: Int?
        package var idleTimeout: Duration?
        package var h2UpgradePolicy: H2Upgrade?
        package var useClientProtocol: Bool?
        package var maxConcurrentStreams: Int?
        package var http2KeepAlive: KeepAlive?
    }

    package var tcp: TCP?
    package var http: HTTP?

    package init(_ tree: ManifestValue) {
        tcp = tree["tcp"].map {
            TCP(
                maxConnections: $0.int("maxConnections"), connectTimeout: $0.duration("connectTimeout"),
                keepalive: $0["tcpKeepalive"].map {
                    TCP.Keepalive(probes: $0.int("probes"), time: $0.duration("time"), interval: $0.duration("interval"))
                }, maxConnectionDuration: $0.duration("maxConnectionDuration"), idleTimeout: $0.duration("idleTimeout"))
        }
        http = tree["http"].map {
            HTTP(
                http1MaxPendingRequests: $0.int("http1MaxPendingRequests"), http2MaxRequests: $0.int("http2MaxRequests"),
                maxRequestsPerConnection: $0.int("maxRequestsPerConnection"), maxRetries: $0.int("maxRetries"),
                idleTimeout: $0.duration("idleTimeout"),
                h2UpgradePolicy: $0.string("h2UpgradePolicy").flatMap(HTTP.H2Upgrade.init),
                useClientProtocol: $0.bool("useClientProtocol"), maxConcurrentStreams: $0.int("maxConcurrentStreams"),
                http2KeepAlive: $0["http2KeepAlive"].map {
                    HTTP.KeepAlive(interval: $0.duration("interval"), timeout: $0.duration("timeout"))
                })
        }
    }
}
