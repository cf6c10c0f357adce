// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability
import ProxyModel

/// One endpoint of a cluster on one event loop: its pool and its load.
final class EndpointState {
    var endpoint: Endpoint
    let tls: ClientTLSContext?
    let dialer: UpstreamDialer
    let pools: EndpointPools
    private(set) var addressText: String
    var labels: InternedLabels
    let load: EndpointLoad
    /// Its place in the cluster's balancer; -1 once it is no endpoint of the cluster any more.
    var index = -1
    var isEjected = false
    /// nil where the cluster leaves out nobody.
    var outlierRecord: OutlierMonitor.Record?

    init(
        endpoint: Endpoint, tls: ClientTLSContext?, dialer: UpstreamDialer, pools: EndpointPools, labels: InternedLabels,
        load: EndpointLoad
    ) {
        self.endpoint = endpoint
        self.tls = tls
        self.dialer = dialer
        self.pools = pools
        self.addressText = endpoint.address.description
        self.labels = labels
        self.load = load
    }

    /// The name of the endpoint has another address. Connections that stand go on.
    func move(to endpoint: Endpoint) {
        guard let address = SocketAddress(endpoint.address) else { return }
        self.endpoint = endpoint
        self.addressText = endpoint.address.description
        self.dialer.move(to: address)
    }

    var active: Int {
        get { self.load.active }
        set { self.load.active = newValue }
    }

    var isHealthy: Bool {
        switch self.endpoint.health {
        case .healthy, .degraded: true
        case .unhealthy, .draining: false
        }
    }
}
