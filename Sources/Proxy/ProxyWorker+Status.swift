// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

extension ProxyWorker {
    func clusterStatus() -> [ClusterStatus] {
        self.clusters.values.map { cluster in
            ClusterStatus(
                name: cluster.cluster.name, observabilityName: cluster.cluster.alternateStatName ?? cluster.cluster.name,
                ejectionsTotal: cluster.outliers.summary.ejectionsTotal,
                endpoints: cluster.allEndpoints.map { state in
                    EndpointStatus(
                        address: state.addressText, hostname: state.endpoint.hostname, isHealthy: state.isHealthy,
                        isEjected: state.isEjected, requestsActive: state.load.active, requestsTotal: state.load.total,
                        requestsSuccess: state.load.success, requestsError: state.load.errors,
                        requestsTimeout: state.load.timeouts, requestsPending: state.pools.waiting,
                        connectionsActive: state.pools.openConnections + state.load.ownConnections,
                        connectionsTotal: state.load.connections, connectionsFailed: state.load.failedConnections,
                        weight: state.endpoint.weight, priority: state.endpoint.priority, workload: state.endpoint.workload,
                        locality: state.endpoint.locality)
                })
        }
    }
}
