// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

/// A connection manager as every request asks it: times ready for the clock, and the rest by one reference.
final class CompiledManager: Sendable {
    let settings: HTTPConnectionManager
    /// Where the routes come from; nil: they are the chain's own.
    let routeTable: String?
    let streamIdle: TimeAmount?
    let maxDuration: TimeAmount?
    /// nil: no limit, as for all that follow.
    let requestTimeout: TimeAmount?
    let idleTimeout: TimeAmount?
    let drainTimeout: TimeAmount

    init(_ settings: HTTPConnectionManager) {
        self.settings = settings
        if case .named(let name) = settings.routes { self.routeTable = name } else { self.routeTable = nil }
        self.streamIdle = settings.streamIdleTimeout.map { TimeAmount($0) }
        self.maxDuration = settings.maxStreamDuration.map { TimeAmount($0) }
        self.requestTimeout = Self.limit(settings.requestTimeout)
        self.idleTimeout = Self.limit(settings.connectionIdleTimeout)
        self.drainTimeout = TimeAmount(settings.drainTimeout)
    }

    /// Of a chain without HTTP.
    static let none = CompiledManager(HTTPConnectionManager(statPrefix: "", routes: .named("")))

    private static func limit(_ duration: Duration?) -> TimeAmount? {
        guard let duration, duration > .zero else { return nil }
        return TimeAmount(duration)
    }
}
