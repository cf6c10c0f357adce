// SPDX-License-Identifier: Apache-2.0

/// The mesh's traffic at one moment: the counters of every sidecar, joined by edge.
package struct EdgeTable: Sendable, Hashable {
    package var edges: [MeshEdge: EdgeCounters] = [:]

    package init() {}

    /// Adds what one sidecar counted: as caller from its `source` samples, as callee from its `destination` samples.
    package mutating func add(_ samples: [PrometheusSample]) {
        for sample in samples {
            guard let destination = Self.destinationName(sample.labels) else { continue }
            let edge = MeshEdge(source: Self.sourceName(sample.labels), destination: destination)
            switch (sample.name, sample.labels["reporter"]) {
            case ("istio_requests_total", "source"):
                let response = "\(sample.labels["response_code"] ?? "0") \(sample.labels["response_flags"] ?? "-")"
                edges[edge, default: EdgeCounters()].responses[response, default: 0] += sample.value
                let version = sample.labels["destination_canonical_revision"] ?? "unknown"
                edges[edge, default: EdgeCounters()].versions[version, default: 0] += sample.value
                guard sample.labels["request_protocol"] == "grpc" else { continue }
                let status = sample.labels["grpc_response_status"] ?? ""
                edges[edge, default: EdgeCounters()].grpcResponses[status, default: 0] += sample.value
            case ("istio_request_duration_milliseconds_bucket", "source"):
                guard let bound = sample.labels["le"].flatMap({ $0 == "+Inf" ? Double.infinity : Double($0) }) else { continue }
                edges[edge, default: EdgeCounters()].latency.add(upTo: bound, sample.value)
            case ("istio_requests_total", "destination"):
                edges[edge, default: EdgeCounters()].received += sample.value
                guard sample.labels["connection_security_policy"] == "mutual_tls" else { continue }
                edges[edge, default: EdgeCounters()].receivedOverMutualTLS += sample.value
            default: continue
            }
        }
    }

    package func since(_ earlier: EdgeTable) -> EdgeTable {
        var table = EdgeTable()
        table.edges = edges.reduce(into: [:]) { $0[$1.key] = $1.value.since(earlier.edges[$1.key] ?? EdgeCounters()) }
        return table
    }

    /// The service's name; a callee that denied a request had chosen none yet, but knows which one it belongs to.
    private static func destinationName(_ labels: [String: String]) -> String? {
        [labels["destination_service_name"], labels["reporter"] == "destination" ? labels["destination_canonical_service"] : nil]
            .compactMap(\.self).first { $0 != "unknown" }
    }

    /// The service's name; where the peer did not say it, the service account of its certificate.
    private static func sourceName(_ labels: [String: String]) -> String {
        if let name = labels["source_canonical_service"], name != "unknown" { return name }
        if let account = labels["source_principal"]?.split(separator: "/").last, account != "unknown" { return String(account) }
        return labels["source_workload"] ?? "unknown"
    }
}
