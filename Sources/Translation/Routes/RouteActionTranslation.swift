// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// What every route to a cluster has: Istio's timeouts, which are none.
enum RouteActionTranslation {
    static func to(_ cluster: String) -> Wire.RouteAction {
        var action = base()
        action.cluster = cluster
        return action
    }

    static func base() -> Wire.RouteAction {
        .with {
            $0.timeout = WireValues.zeroDuration
            $0.maxStreamDuration.maxStreamDuration = WireValues.zeroDuration
            $0.maxStreamDuration.grpcTimeoutHeaderMax = WireValues.zeroDuration
        }
    }
}
