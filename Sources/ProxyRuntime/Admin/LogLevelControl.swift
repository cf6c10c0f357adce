// SPDX-License-Identifier: Apache-2.0
package import Logging
import Synchronization

/// The log level of the whole process, changed while it runs.
package final class LogLevelControl: Sendable {
    private let state: Mutex<Logger.Level>

    package init(_ level: Logger.Level) { self.state = Mutex(level) }

    package var level: Logger.Level {
        get { self.state.withLock { $0 } }
        set { self.state.withLock { $0 = newValue } }
    }

    /// swift-log's names, and Envoy's where they differ.
    package static func level(named text: String) -> Logger.Level? {
        switch text.lowercased() {
        case "warn": .warning
        case "off": .critical
        default: Logger.Level(rawValue: text.lowercased())
        }
    }
}
