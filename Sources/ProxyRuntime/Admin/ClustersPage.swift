// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// `/clusters`: `cluster::host::key::value` lines, or Envoy's JSON.
enum ClustersPage {
    static func response(_ clusters: [ClusterStatus], _ request: AdminRequest) -> AdminResponse {
        guard let filter = try? NameFilter(request.query["filter"]) else {
            return AdminResponse(status: 400, body: "Invalid re2 regex\n")
        }
        let sorted = clusters.filter { filter.takes($0.name) }.sorted { $0.name < $1.name }
        return request.query["format"] == "json" ? self.json(sorted) : self.text(sorted)
    }

    private static func text(_ clusters: [ClusterStatus]) -> AdminResponse {
        var body = ""
        for cluster in clusters {
            body += "\(cluster.name)::observability_name::\(cluster.observabilityName)\n"
            for (name, value) in Self.limits(cluster) { body += "\(cluster.name)::default_priority::\(name)::\(value)\n" }
            body += "\(cluster.name)::added_via_api::\(cluster.isAddedViaAPI)\n"
            for host in cluster.hosts {
                let start = "\(cluster.name)::\(host.address)::"
                for (name, value, _) in Self.stats(host).sorted(by: { $0.0 < $1.0 }) { body += "\(start)\(name)::\(value)\n" }
                body += "\(start)hostname::\(host.hostname)\n"
                body += "\(start)health_flags::\(Self.flags(host))\n"
                body += "\(start)weight::\(host.weight)\n"
                body += "\(start)region::\(host.locality.region)\n"
                body += "\(start)zone::\(host.locality.zone)\n"
                body += "\(start)sub_zone::\(host.locality.subZone)\n"
                body += "\(start)priority::\(host.priority)\n"
            }
        }
        return AdminResponse(body: body)
    }

    private static func json(_ clusters: [ClusterStatus]) -> AdminResponse {
        let statuses = clusters.map { cluster in
            var limits: [String: DocumentTree] = [:]
            for (name, value) in Self.limits(cluster) { limits[name] = .number(String(value)) }
            var members: [String: DocumentTree] = [
                "name": .text(cluster.name), "observability_name": .text(cluster.observabilityName),
            ]
            // As in protobuf's JSON: what is false, zero or empty is left out.
            if cluster.isAddedViaAPI { members["added_via_api"] = .bool(true) }
            if !limits.isEmpty { members["circuit_breakers"] = .object(["thresholds": .list([.object(limits)])]) }
            if !cluster.hosts.isEmpty { members["host_statuses"] = .list(cluster.hosts.map(Self.tree)) }
            return DocumentTree.object(members)
        }
        return .json(DocumentTree.object(["cluster_statuses": .list(statuses)]).json + "\n")
    }

    private static func limits(_ cluster: ClusterStatus) -> [(String, Int)] {
        guard let limits = cluster.limits else { return [] }
        return [
            ("max_connections", limits.maxConnections), ("max_pending_requests", limits.maxPendingRequests),
            ("max_requests", limits.maxRequests), ("max_retries", limits.maxRetries),
        ]
    }

    private static func stats(_ host: ClusterStatus.Host) -> [(String, Int, String)] {
        [
            ("cx_connect_fail", host.failedConnections, "COUNTER"), ("cx_total", host.totalConnections, "COUNTER"),
            ("rq_error", host.failedRequests, "COUNTER"), ("rq_success", host.successfulRequests, "COUNTER"),
            ("rq_timeout", host.timedOutRequests, "COUNTER"), ("rq_total", host.totalRequests, "COUNTER"),
            ("cx_active", host.activeConnections, "GAUGE"), ("rq_active", host.activeRequests, "GAUGE"),
            ("rq_pending_active", host.pendingRequests, "GAUGE"),
        ]
    }

    private static func flags(_ host: ClusterStatus.Host) -> String {
        let flags = (host.isEjected ? "/failed_outlier_check" : "") + (host.isHealthy ? "" : "/failed_eds_health")
        return flags.isEmpty ? "healthy" : flags
    }

    private static func tree(_ host: ClusterStatus.Host) -> DocumentTree {
        let stats = Self.stats(host).map { name, value, type in
            var members: [String: DocumentTree] = ["name": .text(name)]
            if value != 0 { members["value"] = .text(String(value)) }
            if type != "COUNTER" { members["type"] = .text(type) }
            return DocumentTree.object(members)
        }
        var health: [String: DocumentTree] = ["eds_health_status": .text(host.isHealthy ? "HEALTHY" : "UNHEALTHY")]
        if host.isEjected { health["failed_outlier_check"] = .bool(true) }
        var locality: [String: DocumentTree] = [:]
        for (name, value) in [
            ("region", host.locality.region), ("zone", host.locality.zone), ("sub_zone", host.locality.subZone),
        ] where !value.isEmpty { locality[name] = .text(value) }
        var members: [String: DocumentTree] = [
            "address": host.address.documentTree, "stats": .list(stats), "health_status": .object(health),
            "weight": .number(String(host.weight)), "locality": .object(locality),
        ]
        if !host.hostname.isEmpty { members["hostname"] = .text(host.hostname) }
        if host.priority != 0 { members["priority"] = .number(String(host.priority)) }
        return .object(members)
    }
}
