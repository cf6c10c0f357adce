// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Observability

extension AdminSources {
    /// The admin port.
    package var adminRoutes: AdminRoutes {
        AdminRoutes([
            AdminEndpoint("/ready", help: "print server state, return 200 if LIVE, otherwise 503") { _ in self.ready() },
            AdminEndpoint("/server_info", help: "print server version and state") { _ in ServerInfo(self).response() },
            AdminEndpoint("/config_dump", help: "dump current configuration (?include_eds, ?resource=)") {
                await ConfigDump(self).response($0)
            },
            AdminEndpoint("/clusters", help: "upstream cluster status (?format=json)") {
                ClustersPage.response(await self.dataPlane.clusters(), asJSON: $0.query["format"] == "json")
            },
            AdminEndpoint("/listeners", help: "print listener info (?format=json)") {
                ListenersPage.response(await self.dataPlane.listeners(), asJSON: $0.query["format"] == "json")
            },
            AdminEndpoint("/certs", help: "print certificates in use") { _ in CertificatesPage(self).response() },
            AdminEndpoint("/stats", help: "print server stats (?format=prometheus, ?filter=)") { await self.stats($0) },
            AdminEndpoint("/stats/prometheus", help: "print server stats in prometheus format") { _ in await self.prometheus() },
            AdminEndpoint("/logging", help: "query or change the logging level (?level=)", isMutation: true) { self.logging($0) },
            AdminEndpoint("/drain_listeners", help: "drain listeners", isMutation: true) { _ in
                await self.drain()
                return .ok
            },
            AdminEndpoint("/quitquitquit", help: "exit the server", isMutation: true) { _ in
                self.quit()
                return .ok
            },
        ])
    }

    package var prometheusRoutes: AdminRoutes {
        AdminRoutes([
            AdminEndpoint("/stats/prometheus", help: "metrics") { _ in await self.prometheus() },
            AdminEndpoint("/metrics", help: "metrics") { _ in await self.prometheus() },
        ])
    }

    package var readinessRoutes: AdminRoutes {
        AdminRoutes([AdminEndpoint("/healthz/ready", help: "readiness") { _ in self.ready() }])
    }

    private func ready() -> AdminResponse {
        let state = self.readiness.state
        return AdminResponse(status: state == .live ? 200 : 503, body: state.rawValue + "\n")
    }

    private func logging(_ request: AdminRequest) -> AdminResponse {
        if let text = request.query["level"] {
            guard let level = LogLevelControl.level(named: text) else {
                return AdminResponse(status: 400, body: "unknown level '\(text.prefix(32))'\n")
            }
            self.logLevel.level = level
        }
        return AdminResponse(body: "active loggers:\n  all: \(self.logLevel.level.rawValue)\n")
    }

    private func prometheus() async -> AdminResponse {
        AdminResponse(contentType: PrometheusText.contentType, body: await MetricsPage(self).text())
    }

    private func stats(_ request: AdminRequest) async -> AdminResponse {
        if request.query["format"] == "prometheus" { return await self.prometheus() }
        let filter = request.query["filter"] ?? ""
        let lines = await MetricsPage(self).text().split(separator: "\n")
            .filter { !$0.hasPrefix("#") && (filter.isEmpty || $0.contains(filter)) }
            .map { line in
                guard let space = line.lastIndex(of: " ") else { return String(line) }
                return "\(line[..<space]): \(line[line.index(after: space)...])"
            }
        return AdminResponse(body: lines.map { $0 + "\n" }.joined())
    }
}
