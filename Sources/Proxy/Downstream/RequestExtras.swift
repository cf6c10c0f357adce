// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// What few requests have to remember. Made only where one does, so that all others are small.
final class RequestExtras {
    // What filters remember until the answer comes.

    /// The answer tells a browser that a page of this origin may have it.
    var crossOrigin: (check: CrossOriginCheck, origin: String)?
    /// The answer is a filter's own: the route's edits are not for it.
    var isPreflight = false
    var limiter: LocalRateLimiter?
    var isRefused = false

    /// Where the filters go on after a delay.
    var pendingFilter = 0
    var pendingAbort: FaultPolicy.Abort.Status?

    /// Copies on their way to other clusters.
    var mirrors: [MirroredRequest] = []
    var requestTrailers: HeaderBlock?
    /// Kept only where a retry avoids them.
    var tried: [EndpointState] = []
    var requestHash: RequestHash?
}
