// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyCore
import ProxyModel

/// What few requests have to remember. Made only where one does, so that all others are small.
final class RequestExtras {
    // What filters remember until the answer comes.

    /// The answer tells a browser that a page of this origin may have it.
    var crossOrigin: (check: CrossOriginCheck, origin: String)?
    /// The answer is a filter's own: the route's edits are not for it.
    var isPreflight = false
    /// And whose bucket spoke.
    var limiter: (limiter: LocalRateLimiter, speaker: RateLimitDescriptor?)?
    var isRefused = false
    /// Counts this request as long as it lasts.
    private var activeFault: StatCell?

    /// Of a WebSocket; made here, for a client that has none.
    var webSocketKey: String?

    /// Where the filters go on after a delay.
    var pendingFilter = 0
    var pendingAbort: (status: FaultPolicy.Abort.Status, stats: FaultStats)?

    /// Copies on their way to other clusters.
    var mirrors: [MirroredRequest] = []
    var requestTrailers: HeaderBlock?
    /// Kept only where a retry avoids them.
    var tried: [EndpointState] = []
    var requestHash: RequestHash?
    /// Where TLS connections are a host's: the one that the first attempt was for.
    var peerHost: HostName?

    func holdFault(_ stats: FaultStats) {
        guard self.activeFault == nil else { return }
        self.activeFault = stats.active
        stats.active.add()
    }

    func endFault() {
        self.activeFault?.add(-1)
        self.activeFault = nil
    }
}
