// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Logging
import Observability

/// Writes the proxy's own log: one line each, `time level message key=value …`, keys sorted.
package struct StructuredLogHandler: LogHandler {
    private let label: String
    private let control: LogLevelControl
    private let log: ProxyLog
    package var metadata: Logger.Metadata = [:]

    package init(label: String, control: LogLevelControl, log: ProxyLog = ProxyLog()) {
        self.label = label
        self.control = control
        self.log = log
    }

    /// The lowest of the whole process; setting it on one logger changes nothing.
    package var logLevel: Logger.Level {
        get { self.control.level }
        set { _ = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        guard self.control.isLogged(event.level, module: event.source) else { return }
        let line = Self.line(
            event.level, event.message, self.metadata.merging(event.metadata ?? [:]) { $1 }, label: self.label, at: Date())
        _ = self.log.write(line)
    }

    static func line(
        _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata, label: String, at time: Date
    ) -> String {
        var line = "\(time.formatted(.iso8601.time(includingFractionalSeconds: true))) \(level.rawValue) \(label): \(message)"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(Self.quoted("\(value)"))" }
        return line + "\n"
    }

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" || $0.isNewline }) else { return value }
        var text = ""
        JSONText.write(value, to: &text)
        return text
    }
}
