// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability
import ProxyModel

/// One endpoint of a cluster on one event loop: its pool, its load, and whether it is ejected.
final class EndpointState {
    var endpoint: Endpoint
    let tls: ClientTLSContext?
    let dialer: UpstreamDialer
    let pool: EndpointPool
    let addressText: String
    let labels: InternedLabels
    var tracker = EjectionTracker()
    var active = 0
    var total: UInt64 = 0
    var success: UInt64 = 0
    var errors: UInt64 = 0

    init(endpoint: Endpoint, tls: ClientTLSContext?, dialer: UpstreamDialer, pool: EndpointPool, labels: InternedLabels) {
        self.endpoint = endpoint
        self.tls = tls
        self.dialer = dialer
        self.pool = pool
        self.addressText = endpoint.address.description
        self.labels = labels
    }

    var isHealthy: Bool {
        switch endpoint.health {
        case .healthy, .degraded: true
        case .unhealthy, .draining: false
        }
    }
}
