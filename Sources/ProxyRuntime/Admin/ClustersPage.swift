// SPDX-License-Identifier: Apache-2.0

/// `/clusters`: `cluster::host::key::value` lines, or Envoy's JSON.
enum ClustersPage {
    static func response(_ clusters: [ClusterStatus], asJSON: Bool) -> AdminResponse {
        let sorted = clusters.sorted { $0.name < $1.name }
        return asJSON ? self.json(sorted) : self.text(sorted)
    }

    private static func text(_ clusters: [ClusterStatus]) -> AdminResponse {
        var body = ""
        for cluster in clusters {
            body += "\(cluster.name)::observability_name::\(cluster.name)\n"
            body += "\(cluster.name)::added_via_api::\(cluster.isAddedViaAPI)\n"
            for host in cluster.hosts {
                let start = "\(cluster.name)::\(host.address)::"
                body += "\(start)cx_active::\(host.activeConnections)\n"
                body += "\(start)rq_active::\(host.activeRequests)\n"
                body += "\(start)rq_error::\(host.failedRequests)\n"
                body += "\(start)rq_total::\(host.totalRequests)\n"
                body += "\(start)health_flags::\(host.isEjected ? "/failed_outlier_check" : "healthy")\n"
                body += "\(start)weight::\(host.weight)\n"
                body += "\(start)priority::\(host.priority)\n"
            }
        }
        return AdminResponse(body: body)
    }

    private static func json(_ clusters: [ClusterStatus]) -> AdminResponse {
        let statuses = clusters.map { cluster in
            DocumentTree.object([
                "name": .text(cluster.name), "added_via_api": .bool(cluster.isAddedViaAPI),
                "host_statuses": .list(cluster.hosts.map(Self.tree)),
            ])
        }
        return .json(DocumentTree.object(["cluster_statuses": .list(statuses)]).json + "\n")
    }

    private static func tree(_ host: ClusterStatus.Host) -> DocumentTree {
        func stat(_ name: String, _ value: Int, _ type: String) -> DocumentTree {
            .object(["name": .text(name), "value": .text(String(value)), "type": .text(type)])
        }
        var health: [String: DocumentTree] = ["eds_health_status": .text("HEALTHY")]
        if host.isEjected { health["failed_outlier_check"] = .bool(true) }
        return .object([
            "address": host.address.documentTree,
            "stats": .list([
                stat("cx_active", host.activeConnections, "GAUGE"), stat("rq_active", host.activeRequests, "GAUGE"),
                stat("rq_error", host.failedRequests, "COUNTER"), stat("rq_total", host.totalRequests, "COUNTER"),
            ]),
            "health_status": .object(health), "weight": .number(String(host.weight)), "priority": .number(String(host.priority)),
        ])
    }
}
