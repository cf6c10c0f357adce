// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observability

/// `/stats`: the numbers that Envoy has too under Envoy's names, and every Prometheus sample.
struct StatsPage {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func prometheus() async -> AdminResponse {
        AdminResponse(contentType: PrometheusText.contentType, body: await MetricsPage(self.sources).text())
    }

    func response(_ request: AdminRequest) async -> AdminResponse {
        let format = request.query["format"] ?? "text"
        guard ["text", "json", "prometheus"].contains(format) else {
            return AdminResponse(status: 400, body: "usage: /stats?format=(json|prometheus|text)\n\n")
        }
        if format == "prometheus" { return await self.prometheus() }
        let filter: NameFilter
        do {
            filter = try NameFilter(request.query["filter"])
        } catch {
            return AdminResponse(status: 400, body: "Invalid re2 regex\n")
        }
        var stats = await self.stats().filter { filter.takes($0.key) }
        if request.query["usedonly"] != nil { stats = stats.filter { $0.value != "0" } }
        let sorted = stats.sorted { $0.key < $1.key }
        guard format == "json" else {
            return AdminResponse(body: sorted.map { "\($0.key): \($0.value)\n" }.joined())
        }
        let list = sorted.map { DocumentTree.object(["name": .text($0.key), "value": .number($0.value)]) }
        return .json(DocumentTree.object(["stats": .list(list)]).json + "\n")
    }

    /// Names to numbers as text.
    private func stats() async -> [String: String] {
        let counted = await self.sources.dataPlane.metrics().stats
        var stats = await self.samples(without: Set(counted.map(\.name.metric)))
        for sample in counted { stats[sample.name.text] = String(sample.value) }
        func set(_ name: String, _ value: Int) { stats[name] = String(value) }
        let state = self.sources.readiness.state
        set("server.live", state == .live ? 1 : 0)
        set("server.state", state.number)
        set("server.uptime", Int(self.sources.now().timeIntervalSince(self.sources.startedAt)))
        let status = await self.sources.configuration.status
        set("control_plane.connected_state", status.isConnected ? 1 : 0)
        return stats
    }

    /// The lines of the Prometheus text that hold a number.
    /// - Parameter known: Metrics that have a name of their own here.
    private func samples(without known: Set<String>) async -> [String: String] {
        var samples: [String: String] = [:]
        for line in await MetricsPage(self.sources).text().split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), !known.contains(String(line.prefix { $0 != "{" && $0 != " " })) else {
                continue
            }
            samples[String(line[..<space])] = String(line[line.index(after: space)...])
        }
        return samples
    }
}
