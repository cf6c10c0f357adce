// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

extension ProxyWorker {
    func clusterStatus() -> [ClusterStatus] {
        let now = NIODeadline.now()
        return self.clusters.values.map { cluster in
            ClusterStatus(
                name: cluster.cluster.name,
                endpoints: cluster.endpoints.map { state in
                    EndpointStatus(
                        address: state.addressText, hostname: state.endpoint.hostname, isHealthy: state.isHealthy,
                        isEjected: state.tracker.isEjected(at: now), requestsActive: state.active, requestsTotal: state.total,
                        requestsSuccess: state.success, requestsError: state.errors, connectionsActive: state.pool.openConnections,
                        weight: state.endpoint.weight, workload: state.endpoint.workload)
                })
        }
    }
}
