// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
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
    let maxConnectionDuration: TimeAmount?
    let maxRequests: Int?
    /// The shortest of what may pass from a head's first byte to its last, and what it is when that time is over.
    let headLimit: (time: TimeAmount, failure: RequestFailure)?
    let drainTimeout: TimeAmount
    /// Whether the names of a request's headers are asked for `_`.
    let looksAtNames: Bool
    /// Whether its host or path may be written anew.
    let looksAtTargets: Bool

    init(_ settings: HTTPConnectionManager) {
        self.settings = settings
        if case .named(let name) = settings.routes { self.routeTable = name } else { self.routeTable = nil }
        self.streamIdle = settings.streamIdleTimeout.map { TimeAmount($0) }
        self.maxDuration = settings.maxStreamDuration.map { TimeAmount($0) }
        self.requestTimeout = Self.limit(settings.requestTimeout)
        self.idleTimeout = Self.limit(settings.connectionIdleTimeout)
        self.maxConnectionDuration = Self.limit(settings.maxConnectionDuration)
        self.maxRequests = settings.maxRequestsPerConnection.flatMap { $0 > 0 ? $0 : nil }
        self.headLimit = Self.headLimit(settings)
        self.drainTimeout = TimeAmount(settings.drainTimeout)
        self.looksAtNames = settings.underscores != .kept
        self.looksAtTargets =
            settings.normalizesPath || settings.mergesSlashes || settings.escapedSlashes != .kept || settings.hostPort != .kept
    }

    private static func headLimit(_ settings: HTTPConnectionManager) -> (time: TimeAmount, failure: RequestFailure)? {
        let limits: [(Duration?, RequestFailure)] = [
            (settings.requestHeadersTimeout, .requestHeaderTimeout),
            (settings.requestTimeout, .requestTimeout(requestComplete: false)),
            (settings.streamIdleTimeout, .streamIdleTimeout(requestComplete: false)),
        ]
        return limits.compactMap { duration, failure in Self.limit(duration).map { (time: $0, failure: failure) } }
            .min { $0.time < $1.time }
    }

    /// Of a chain without HTTP.
    static let none = CompiledManager(HTTPConnectionManager(statPrefix: "", routes: .named("")))

    private static func limit(_ duration: Duration?) -> TimeAmount? {
        guard let duration, duration > .zero else { return nil }
        return TimeAmount(duration)
    }
}
