// SPDX-License-Identifier: Apache-2.0

package import ProxyModel

/// A cluster as `/clusters` shows it.
package struct ClusterStatus: Sendable, Hashable {
    package struct Host: Sendable, Hashable {
        package var address: SocketEndpoint
        package var weight: Int
        package var priority: Int
        package var hostname: String
        package var locality: Locality
        /// By EDS or active checks, not by outlier detection.
        package var isHealthy: Bool
        package var isEjected: Bool
        package var activeConnections: Int
        package var totalConnections: Int
        package var failedConnections: Int
        /// For a connection.
        package var pendingRequests: Int
        package var timedOutRequests: Int
        package var activeRequests: Int
        package var totalRequests: Int
        package var failedRequests: Int
        package var successfulRequests: Int

        package init(
            address: SocketEndpoint, weight: Int = 1, priority: Int = 0, hostname: String = "", locality: Locality = Locality(),
            isHealthy: Bool = true,
            isEjected: Bool = false, activeConnections: Int = 0, activeRequests: Int = 0, totalRequests: Int = 0,
            failedRequests: Int = 0, successfulRequests: Int = 0, totalConnections: Int = 0, failedConnections: Int = 0,
            pendingRequests: Int = 0, timedOutRequests: Int = 0
        ) {
            self.address = address
            self.weight = weight
            self.priority = priority
            self.hostname = hostname
            self.locality = locality
            self.isHealthy = isHealthy
            self.isEjected = isEjected
            self.activeConnections = activeConnections
            self.activeRequests = activeRequests
            self.totalConnections = totalConnections
            self.failedConnections = failedConnections
            self.pendingRequests = pendingRequests
            self.timedOutRequests = timedOutRequests
            self.totalRequests = totalRequests
            self.failedRequests = failedRequests
            self.successfulRequests = successfulRequests
        }
    }

    package var name: String
    /// In statistics.
    package var observabilityName: String
    package var isAddedViaAPI: Bool
    package var limits: CircuitLimits?
    package var hosts: [Host]

    package init(name: String, isAddedViaAPI: Bool = true, limits: CircuitLimits? = nil, hosts: [Host] = []) {
        self.limits = limits
        self.name = name
        self.observabilityName = name
        self.isAddedViaAPI = isAddedViaAPI
        self.hosts = hosts
    }
}
