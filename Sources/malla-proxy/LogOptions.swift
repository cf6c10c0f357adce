// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Logging
import ProxyRuntime

/// The proxy's own log.
struct LogOptions: ParsableArguments {
    @Option(
        name: [.customShort("l"), .customLong("log-level")], help: "trace, debug, info, warning (warn), error, critical or off.")
    var logLevel: String = "info"

    @Option(help: "NAME:LEVEL,…, of \(LogLevelControl.names.joined(separator: ", ")).")
    var componentLogLevel: String?

    @Option(help: "File to log to, instead of standard error; opened anew on SIGUSR1.")
    var logPath: String?

    @Option(help: ArgumentHelp(visibility: .hidden))
    var logFormat: String?

    func validate() throws {
        _ = try self.control()
        guard self.logFormat == nil else {
            throw ValidationError("--log-format is not supported: a line is always TIME LEVEL NAME: MESSAGE KEY=VALUE …")
        }
    }

    func control() throws -> LogLevelControl {
        guard let level = LogLevelControl.level(named: self.logLevel) else {
            throw ValidationError(
                "--log-level `\(self.logLevel)` is not a level: \(LogLevelControl.levels.joined(separator: ", "))")
        }
        let control = LogLevelControl(level)
        if let list = self.componentLogLevel, let fault = control.set(list: list) {
            throw ValidationError("--component-log-level: \(fault)")
        }
        return control
    }
}
