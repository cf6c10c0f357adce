// SPDX-License-Identifier: Apache-2.0

/// `/logging`: levels of the proxy's parts, as Envoy shows and takes them.
struct LoggingPage {
    private static let usage = """
        usage: /logging?<name>=<level> (change single level)
        usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
        usage: /logging?level=<level> (change all levels)
        levels: \(LogLevelControl.levels.joined(separator: " "))

        """

    private let control: LogLevelControl

    init(_ control: LogLevelControl) { self.control = control }

    func response(_ request: AdminRequest) -> AdminResponse {
        guard let (name, value) = request.query.first else { return self.loggers() }
        guard request.query.count == 1 else { return self.refusal("error: one change at a time") }
        switch name {
        case "level":
            guard let level = LogLevelControl.level(named: value) else { return self.refusal("error: unknown logger level") }
            self.control.set(level)
        case "paths":
            if let fault = self.control.set(list: value) { return self.refusal(fault) }
        default:
            if let fault = self.control.set(list: "\(name):\(value)") { return self.refusal(fault) }
        }
        return self.loggers()
    }

    private func refusal(_ reason: String) -> AdminResponse {
        AdminResponse(status: 400, body: "\(reason.prefix(256))\n\n\(Self.usage)\(self.loggers().body)")
    }

    private func loggers() -> AdminResponse {
        let lines = LogLevelControl.names.map { "  \($0): \(LogLevelControl.name(self.control.level(of: $0)))\n" }
        return AdminResponse(body: "active loggers:\n" + lines.joined())
    }
}
