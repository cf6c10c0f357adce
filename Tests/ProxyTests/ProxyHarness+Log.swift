// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Observability
import Proxy
import ProxyModel
import Synchronization

/// Access log lines, kept.
final class LogKeeper: AccessLogOutput {
    private let kept = Mutex<[String]>([])
    var lines: [String] { self.kept.withLock { $0 } }

    func write(_ lines: [UInt8], to path: String) {
        let lines = String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
        self.kept.withLock { $0 += lines }
    }

    /// The first `count` lines, once they are there.
    func first(_ count: Int) async throws -> [String] {
        try await waitUntil("\(count) log lines", within: .seconds(10)) { self.lines.count >= count }
        return Array(self.lines.prefix(count))
    }
}

extension ProxySnapshot {
    /// The snapshot with a log of `status flags details` and with changes to its connection manager, its catch-all route and its
    /// cluster.
    func with(
        manager change: (inout HTTPConnectionManager) -> Void = { _ in },
        route changeRoute: (inout ForwardAction) -> Void = { _ in },
        cluster changeCluster: (inout Cluster) -> Void = { _ in }, includesAttemptCount: Bool = false
    ) -> ProxySnapshot {
        var snapshot = self
        for (name, var listener) in snapshot.listeners {
            listener.filterChains = listener.filterChains.map { chain in
                var chain = chain
                guard case .http(var manager) = chain.terminal, case .inline(var table) = manager.routes else { return chain }
                let format = "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%\n"
                manager.accessLogs = [AccessLogConfiguration(path: "log", format: .text(format))]
                for host in table.virtualHosts.indices {
                    table.virtualHosts[host].includesAttemptCount = includesAttemptCount
                    for route in table.virtualHosts[host].routes.indices {
                        guard case .forward(var action) = table.virtualHosts[host].routes[route].action else { continue }
                        changeRoute(&action)
                        table.virtualHosts[host].routes[route].action = .forward(action)
                    }
                }
                manager.routes = .inline(table)
                change(&manager)
                chain.terminal = .http(manager)
                return chain
            }
            snapshot.listeners[name] = listener
        }
        for (name, var cluster) in snapshot.clusters {
            changeCluster(&cluster)
            snapshot.clusters[name] = cluster
        }
        return snapshot
    }
}
