// SPDX-License-Identifier: Apache-2.0
package import Logging
import Synchronization

/// The log levels of the process, changed while it runs: one for each part of it.
package final class LogLevelControl: Sendable {
    /// Parts that log, by name; and the modules that they are.
    private static let modules = ["admin": "ProxyRuntime", "proxy": "Proxy", "xds": "XDSClient", "main": "malla_proxy"]

    /// Sorted.
    package static let names = modules.keys.sorted()
    /// As Envoy names them.
    package static let levels = ["trace", "debug", "info", "warning", "error", "critical", "off"]

    private struct State {
        var all: Logger.Level?
        /// By module.
        var single: [String: Logger.Level?] = [:]
        /// The lowest of them: what loggers ask first.
        var lowest: Logger.Level

        mutating func settle() { self.lowest = (self.single.values.compactMap { $0 } + [self.all ?? .critical]).min() ?? .critical }
    }

    private let state: Mutex<State>

    /// - Parameter level: Nil: off.
    package init(_ level: Logger.Level?) { self.state = Mutex(State(all: level, lowest: level ?? .critical)) }

    /// The lowest of all parts.
    package var level: Logger.Level { self.state.withLock { $0.lowest } }

    /// Sets it for everything. Nil: off.
    package func set(_ level: Logger.Level?) {
        self.state.withLock { state in
            state.all = level
            state.single = [:]
            state.settle()
        }
    }

    /// False: there is no such part.
    package func set(_ name: String, _ level: Logger.Level?) -> Bool {
        guard let module = Self.modules[name] else { return false }
        self.state.withLock { state in
            state.single[module] = .some(level)
            state.settle()
        }
        return true
    }

    /// Of a part; nil: off.
    package func level(of name: String) -> Logger.Level? { self.level(ofModule: Self.modules[name] ?? name) }

    func isLogged(_ level: Logger.Level, module: String) -> Bool { self.level(ofModule: module).map { level >= $0 } ?? false }

    private func level(ofModule module: String) -> Logger.Level? {
        self.state.withLock { state in
            if let single = state.single[module] { return single }
            return state.all
        }
    }

    /// Envoy's names and swift-log's. Nil: there is none of that name; nil inside: off.
    package static func level(named text: String) -> Logger.Level?? {
        switch text.lowercased() {
        case "warn": .warning
        case "off": .some(nil)
        default: Logger.Level(rawValue: text.lowercased()).map { .some($0) }
        }
    }

    package static func name(_ level: Logger.Level?) -> String { level?.rawValue ?? "off" }

    /// `name:level,name:level`. Nothing is changed unless all of it can be; the result says why not.
    package func set(list text: String) -> String? {
        var changes: [(String, Logger.Level?)] = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = pair.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2 else { return "error: '\(pair)' is not NAME:LEVEL" }
            guard Self.modules[sides[0]] != nil else { return "error: unknown logger name '\(sides[0])'" }
            guard let level = Self.level(named: sides[1]) else { return "error: unknown logger level '\(sides[1])'" }
            changes.append((sides[0], level))
        }
        for (name, level) in changes { _ = self.set(name, level) }
        return nil
    }
}
