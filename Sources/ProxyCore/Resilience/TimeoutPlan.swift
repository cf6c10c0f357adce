// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// The times of one request. nil means none.
package struct TimeoutPlan: Sendable, Hashable {
    /// From the end of the request to the end of the response, over all tries: 504 UT.
    package var overall: Duration?
    /// From the end of the request to the response's end, for each try.
    package var perTry: Duration?
    package var perTryIdle: Duration?
    /// No byte either way.
    package var streamIdle: Duration?
    /// From the request's head to the end of the response: flag DT. Zero: over at once.
    package var duration: Duration?

    /// Envoy's route timeout where none is set.
    package static let routeDefault = Duration.seconds(15)

    /// - Parameters:
    ///   - streamIdle: the connection manager's, as `maxDuration`; a route goes before both.
    package init(_ action: ForwardAction, head: RequestHead, streamIdle: Duration?, maxDuration: Duration? = nil) {
        let overall = Self.nonzero(action.timeout ?? Self.routeDefault)
        let perTry = Self.nonzero(action.retry?.perTryTimeout)
        self.overall = overall
        // A try that may take as long as everything needs no clock of its own.
        if let perTry, perTry < overall ?? .seconds(Int64.max) { self.perTry = perTry } else { self.perTry = nil }
        self.perTryIdle = Self.nonzero(action.retry?.perTryIdleTimeout)
        self.streamIdle = Self.nonzero(action.idleTimeout ?? streamIdle)
        self.duration = Self.grpcTimeout(action, head) ?? Self.nonzero(action.maxDuration ?? maxDuration)
    }

    private static func nonzero(_ duration: Duration?) -> Duration? {
        duration.flatMap { $0 > .zero ? $0 : nil }
    }

    /// `grpc-timeout` as the route caps it, which then takes the place of the configured duration; nil where it has no say.
    private static func grpcTimeout(_ action: ForwardAction, _ head: RequestHead) -> Duration? {
        guard let cap = action.maxGRPCTimeout, let asked = head.headers.first(.grpcTimeout).flatMap(GRPCTimeout.parse) else {
            return nil
        }
        return cap > .zero ? min(asked, cap) : asked
    }
}
