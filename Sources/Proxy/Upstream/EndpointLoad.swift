// SPDX-License-Identifier: Apache-2.0

/// What has been asked of an address, on one event loop. Outlives a change of the way it is spoken to.
final class EndpointLoad {
    /// Of its cluster.
    let stats: ClusterStats
    var active = 0
    var total: UInt64 = 0
    var success: UInt64 = 0
    var errors: UInt64 = 0
    var timeouts: UInt64 = 0
    /// Begun.
    private(set) var connections: UInt64 = 0
    private(set) var failedConnections: UInt64 = 0
    /// Those that no pool holds.
    private(set) var ownConnections = 0

    init(stats: ClusterStats) { self.stats = stats }

    func dials() {
        self.connections &+= 1
        self.stats.connections &+= 1
    }

    func dialFailed(_ failure: UpstreamFailure) {
        self.failedConnections &+= 1
        self.stats.connectFailed(failure)
    }

    /// A connection for one client alone begins.
    func dialsAlone() {
        self.dials()
        self.ownConnections += 1
    }

    func aloneEnded() { self.ownConnections -= 1 }
}
