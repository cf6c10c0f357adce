// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation

/// `/server_info`.
struct ServerInfo {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response() -> AdminResponse {
        let uptime = Int(self.sources.now().timeIntervalSince(self.sources.startedAt))
        let json = try? SecretRedaction.json(self.sources.bootstrap.nodeWithProgram)
        let node = json.flatMap { try? DocumentTree(document: $0) } ?? .object([:])
        return .json(
            DocumentTree.object([
                "version": .text("malla/\(MallaVersion.text)"),
                "state": .text(self.sources.readiness.state.rawValue),
                "uptime_current_epoch": .text("\(uptime)s"),
                "uptime_all_epochs": .text("\(uptime)s"),
                "hot_restart_version": .text("disabled"),
                "node": node,
                "command_line_options": .object(self.options),
            ]).json + "\n")
    }

    /// Those of Envoy's that mean something here.
    private var options: [String: DocumentTree] {
        let options = self.sources.options
        return [
            "concurrency": .number(String(options.concurrency)),
            "config_path": .text(options.configPath),
            "config_yaml": .text(options.configYAML),
            "admin_address_path": .text(options.adminAddressPath ?? ""),
            "log_level": .text(LogLevelControl.name(self.sources.logLevel.level(of: "main"))),
            "drain_time": .text("\(options.drainTime.components.seconds)s"),
            "drain_strategy": .text("Immediate"),
            "mode": .text("Serve"),
            "disable_hot_restart": .bool(true),
            "restart_epoch": .number("0"),
        ]
    }
}
