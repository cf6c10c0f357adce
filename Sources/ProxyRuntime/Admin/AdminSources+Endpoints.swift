// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Observability

extension AdminSources {
    /// The admin port.
    package var adminRoutes: AdminRoutes {
        AdminRoutes(self.lookingEndpoints + self.changingEndpoints)
    }

    private var lookingEndpoints: [AdminEndpoint] {
        [
            AdminEndpoint("/ready", help: "print server state, return 200 if LIVE, otherwise return 503") { _ in self.ready() },
            AdminEndpoint("/server_info", help: "print server version/status information") { _ in ServerInfo(self).response() },
            AdminEndpoint("/config_dump", help: "dump current configuration (?include_eds, ?resource=, ?name_regex=)") {
                await ConfigDump(self).response($0)
            },
            AdminEndpoint("/clusters", help: "upstream cluster status (?format=json, ?filter=)") {
                ClustersPage.response(await self.clusters(), $0)
            },
            AdminEndpoint("/listeners", help: "print listener info (?format=json)") {
                ListenersPage.response(await self.dataPlane.listeners(), asJSON: $0.query["format"] == "json")
            },
            AdminEndpoint("/certs", help: "print certs on machine") { _ in CertificatesPage(self).response() },
            AdminEndpoint("/stats", help: "print server stats (?format=text|json|prometheus, ?filter=, ?usedonly)") {
                await StatsPage(self).response($0)
            },
            AdminEndpoint("/stats/prometheus", help: "print server stats in prometheus format") { _ in
                await StatsPage(self).prometheus()
            },
        ]
    }

    private var changingEndpoints: [AdminEndpoint] {
        [
            AdminEndpoint(
                "/logging", help: "query/change logging levels (?level=, ?paths=NAME:LEVEL,…, ?NAME=LEVEL)", isMutation: true
            ) {
                LoggingPage(self.logLevel).response($0)
            },
            AdminEndpoint("/reopen_logs", help: "reopen access logs and the log", isMutation: true) { _ in
                self.reopenLogs()
                return .ok
            },
            AdminEndpoint("/drain_listeners", help: "drain listeners (?graceful)", isMutation: true) { request in
                if let other = request.query.keys.sorted().first(where: { $0 != "graceful" }) {
                    return AdminResponse(status: 400, body: "\(other.prefix(64)) is not supported by this proxy\n")
                }
                self.drain(request.query["graceful"] != nil)
                return .ok
            },
            AdminEndpoint("/healthcheck/fail", help: "cause the server to fail health checks", isMutation: true) { _ in
                self.readiness.healthCheckFails(true)
                return .ok
            },
            AdminEndpoint("/healthcheck/ok", help: "cause the server to pass health checks", isMutation: true) { _ in
                self.readiness.healthCheckFails(false)
                return .ok
            },
            AdminEndpoint("/quitquitquit", help: "exit the server", isMutation: true) { _ in
                self.quit()
                return .ok
            },
        ]
    }

    package var prometheusRoutes: AdminRoutes {
        AdminRoutes([
            AdminEndpoint("/stats/prometheus", help: "metrics") { _ in await StatsPage(self).prometheus() },
            AdminEndpoint("/metrics", help: "metrics") { _ in await StatsPage(self).prometheus() },
        ])
    }

    package var readinessRoutes: AdminRoutes {
        AdminRoutes([AdminEndpoint("/healthz/ready", help: "readiness") { _ in self.ready() }])
    }

    /// Those of the bootstrap are told from those of the control plane.
    func clusters() async -> [ClusterStatus] {
        let statics = Set(self.bootstrap.message.staticResources.clusters.map(\.name))
        return await self.dataPlane.clusters().map { cluster in
            var cluster = cluster
            cluster.isAddedViaAPI = !statics.contains(cluster.name)
            return cluster
        }
    }

    private func ready() -> AdminResponse {
        let state = self.readiness.state
        return AdminResponse(status: state == .live ? 200 : 503, body: state.rawValue + "\n")
    }
}
