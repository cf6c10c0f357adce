// SPDX-License-Identifier: Apache-2.0
import ProxyCore

/// What filters remember of a request until its answer comes. Made only where one of them does.
final class RequestMarks {
    /// The answer tells a browser that a page of this origin may have it.
    var crossOrigin: (check: CrossOriginCheck, origin: String)?
    /// The answer is a filter's own: the route's edits are not for it.
    var isPreflight = false
    var limiter: LocalRateLimiter?
    var isRefused = false
}
