// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import NIOCore
package import ProxyModel

/// The times of one request. nil means none.
package struct TimeoutPlan: Sendable, Hashable {
    /// From the end of the request to the end of the response, over all tries: 504 UT.
    package var overall: TimeAmount?
    /// From the end of the request to the response's end, for each try.
    package var perTry: TimeAmount?
    package var perTryIdle: TimeAmount?
    /// No byte either way.
    package var streamIdle: TimeAmount?
    /// From the request's head to the end of the response: flag DT. Zero: over at once.
    package var duration: TimeAmount?

    /// - Parameters:
    ///   - streamIdle: the connection manager's, as `maxDuration`; a route goes before both. Zero means none.
    package init(_ times: RouteTimes, head: borrowing RequestHead, streamIdle: TimeAmount?, maxDuration: TimeAmount? = nil) {
        self.overall = times.overall
        self.perTry = times.perTry
        self.perTryIdle = times.perTryIdle
        self.streamIdle = RouteTimes.nonzero(times.idle ?? streamIdle)
        self.duration = times.grpcTimeout(head) ?? RouteTimes.nonzero(times.maxDuration ?? maxDuration)
    }
}

/// The times that a route says, worked out once a snapshot.
package struct RouteTimes: Sendable, Hashable {
    /// Envoy's route timeout where none is set.
    package static let defaultTimeout = TimeAmount.seconds(15)

    let overall: TimeAmount?
    let perTry: TimeAmount?
    let perTryIdle: TimeAmount?
    /// As configured: zero is an answer too.
    let idle: TimeAmount?
    let maxDuration: TimeAmount?
    private let grpcCap: TimeAmount?

    package init(_ action: ForwardAction) {
        let overall = Self.nonzero(action.timeout.map { TimeAmount($0) } ?? Self.defaultTimeout)
        let perTry = Self.nonzero(action.retry?.perTryTimeout.map { TimeAmount($0) })
        self.overall = overall
        // A try that may take as long as everything needs no clock of its own.
        if let perTry, perTry < overall ?? .nanoseconds(.max) { self.perTry = perTry } else { self.perTry = nil }
        self.perTryIdle = Self.nonzero(action.retry?.perTryIdleTimeout.map { TimeAmount($0) })
        self.idle = action.idleTimeout.map { TimeAmount($0) }
        self.maxDuration = action.maxDuration.map { TimeAmount($0) }
        self.grpcCap = action.maxGRPCTimeout.map { TimeAmount($0) }
    }

    static func nonzero(_ time: TimeAmount?) -> TimeAmount? {
        guard let time, time > .zero else { return nil }
        return time
    }

    /// `grpc-timeout` as the route caps it, which then takes the place of the configured duration; nil where it has no say.
    func grpcTimeout(_ head: borrowing RequestHead) -> TimeAmount? {
        guard let cap = self.grpcCap, let asked = head.headers.first(.grpcTimeout).flatMap(GRPCTimeout.parse) else { return nil }
        return cap > .zero ? min(TimeAmount(asked), cap) : TimeAmount(asked)
    }
}
