// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// What a cluster does, over all event loops, for `/clusters` and `/stats`.
package struct ClusterStatus: Sendable, Hashable {
    package var name: String
    /// Its name in statistics: `alt_stat_name`, or its own.
    package var observabilityName: String
    /// How often outlier detection left an endpoint out.
    package var ejectionsTotal: UInt64
    package var endpoints: [EndpointStatus]
}

/// What an endpoint does, over all event loops.
package struct EndpointStatus: Sendable, Hashable {
    package var address: String
    package var hostname: String
    package var isHealthy: Bool
    /// On at least one event loop.
    package var isEjected: Bool
    package var requestsActive: Int
    package var requestsTotal: UInt64
    package var requestsSuccess: UInt64
    package var requestsError: UInt64
    package var requestsTimeout: UInt64
    /// For a connection.
    package var requestsPending: Int
    package var connectionsActive: Int
    package var connectionsTotal: UInt64
    package var connectionsFailed: UInt64
    package var weight: UInt32
    package var priority: Int
    package var workload: String
    package var locality: Locality

    mutating func merge(_ other: EndpointStatus) {
        self.isEjected = self.isEjected || other.isEjected
        self.requestsActive += other.requestsActive
        self.requestsTotal &+= other.requestsTotal
        self.requestsSuccess &+= other.requestsSuccess
        self.requestsError &+= other.requestsError
        self.requestsTimeout &+= other.requestsTimeout
        self.requestsPending += other.requestsPending
        self.connectionsActive += other.connectionsActive
        self.connectionsTotal &+= other.connectionsTotal
        self.connectionsFailed &+= other.connectionsFailed
    }
}
