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

    package init(overall: Duration?, perTry: Duration?, perTryIdle: Duration?, streamIdle: Duration?) {
        self.overall = overall
        self.perTry = perTry
        self.perTryIdle = perTryIdle
        self.streamIdle = streamIdle
    }

    /// Envoy's route timeout where none is set.
    package static let routeDefault = Duration.seconds(15)

    package init(_ action: ForwardAction, head: RequestHead, streamIdle: Duration?) {
        let overall = Self.nonzero(Self.grpcTimeout(action, head) ?? action.timeout ?? Self.routeDefault)
        let perTry = Self.nonzero(action.retry?.perTryTimeout)
        self.overall = overall
        // A try that may take as long as everything needs no clock of its own.
        if let perTry, perTry < overall ?? .seconds(Int64.max) { self.perTry = perTry } else { self.perTry = nil }
        self.perTryIdle = Self.nonzero(action.retry?.perTryIdleTimeout)
        self.streamIdle = Self.nonzero(action.idleTimeout ?? streamIdle)
    }

    private static func nonzero(_ duration: Duration?) -> Duration? {
        duration.flatMap { $0 > .zero ? $0 : nil }
    }

    /// What `grpc-timeout` makes of the timeout; nil where it has no say.
    private static func grpcTimeout(_ action: ForwardAction, _ head: RequestHead) -> Duration? {
        guard let cap = action.maxGRPCTimeout, let type = head.headers.first(.contentType), type.hasPrefix("application/grpc")
        else {
            return nil
        }
        let asked = head.headers.first(.grpcTimeout).flatMap(GRPCTimeout.parse) ?? .zero
        guard cap > .zero else { return asked }
        return asked > cap || asked == .zero ? cap : asked
    }
}
