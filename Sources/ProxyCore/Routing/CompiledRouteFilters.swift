// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyModel

/// What a route, its virtual host and its table say to filters, compiled once a snapshot.
package final class CompiledRouteFilters: Sendable {
    package enum Setting: Sendable {
        case off
        case authorization(AuthorizationGate?)
        case fault(CompiledFault?)
        case crossOrigin(CrossOriginCheck)
        case localRateLimit(LocalRateLimiter)
        /// From the most specific level on.
        case headerMutation([HeaderStepEditor])
    }

    /// Few: looked through in order.
    private let settings: [(name: String, setting: Setting)]

    /// - Parameter levels: From the most specific on.
    /// - Returns: nil where nobody says anything.
    static func combined(_ levels: [RouteFilterLevel]) throws(RegexError) -> CompiledRouteFilters? {
        let names = Set(levels.flatMap(\.names)).sorted()
        guard !names.isEmpty else { return nil }
        var settings: [(name: String, setting: Setting)] = []
        for name in names {
            guard let setting = try Self.setting(levels.compactMap { $0[name] }) else { continue }
            settings.append((name, setting))
        }
        return CompiledRouteFilters(settings)
    }

    private init(_ settings: [(name: String, setting: Setting)]) { self.settings = settings }

    package subscript(name: String) -> Setting? {
        for entry in self.settings where entry.name == name { return entry.setting }
        return nil
    }

    /// The most specific level speaks; where a filter takes all levels, with those that say something of the same kind.
    private static func setting(_ said: [RouteFilterLevel.Setting]) throws(RegexError) -> Setting? {
        switch said.first {
        case .off?: .off
        case .authorization(let rules)?: .authorization(rules)
        case .fault(let fault)?: .fault(fault)
        case .localRateLimit(let limiter)?: .localRateLimit(limiter)
        case .crossOrigin?:
            .crossOrigin(
                try CrossOriginCheck(said.compactMap { if case .crossOrigin(let policy) = $0 { policy } else { nil } }))
        case .headerMutation?:
            .headerMutation(said.compactMap { if case .headerMutation(let editor) = $0 { editor } else { nil } })
        case nil: nil
        }
    }
}

/// What one level says to filters. Compiled once for all routes below it, so that they share its buckets.
struct RouteFilterLevel: Sendable {
    enum Setting: Sendable {
        case off
        case authorization(AuthorizationGate?)
        case fault(CompiledFault?)
        case crossOrigin(CrossOriginPolicy)
        case localRateLimit(LocalRateLimiter)
        case headerMutation(HeaderStepEditor)
    }

    private let settings: [String: Setting]

    init(_ filters: RouteFilters, stats: StatRegistry) throws(RegexError) {
        var settings: [String: Setting] = [:]
        for (name, filter) in filters {
            switch filter {
            case .off: settings[name] = .off
            case .authorization(let filter):
                if let filter {
                    settings[name] = .authorization(try AuthorizationGate(filter))
                } else {
                    settings[name] = .authorization(nil)
                }
            case .fault(let policy?): settings[name] = .fault(try CompiledFault(policy))
            case .fault(nil): settings[name] = .fault(nil)
            case .crossOrigin(let policy): settings[name] = .crossOrigin(policy)
            case .localRateLimit(let limit): settings[name] = .localRateLimit(try LocalRateLimiter(limit, stats: stats))
            case .headerMutation(let steps): settings[name] = .headerMutation(try HeaderStepEditor(steps))
            }
        }
        self.settings = settings
    }

    var names: [String] { Array(self.settings.keys) }
    subscript(name: String) -> Setting? { self.settings[name] }
}
