// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Logging
import Observability

/// `/server_info`.
struct ServerInfo {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response() -> AdminResponse {
        let node = self.sources.bootstrap.message.node
        let uptime = Int(self.sources.now().timeIntervalSince(self.sources.startedAt))
        return .json(
            DocumentTree.object([
                "version": .text("malla/\(MallaVersion.text)"),
                "state": .text(self.sources.readiness.state.rawValue),
                "uptime_current_epoch": .text("\(uptime)s"),
                "uptime_all_epochs": .text("\(uptime)s"),
                "node": .object(["id": .text(node.id), "cluster": .text(node.cluster)]),
                "command_line_options": .object(["log_level": .text(self.sources.logLevel.level.rawValue)]),
            ]).json + "\n")
    }
}
