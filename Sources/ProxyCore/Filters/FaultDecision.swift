// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// What a fault does to a request whose conditions have held: first the delay, then the abort.
package struct FaultDecision: Sendable, Hashable {
    /// Flag DI where it is not nil.
    package var delay: Duration?
    /// Flag FI; the request goes no further.
    package var abort: FaultPolicy.Abort.Status?

    package init(delay: Duration? = nil, abort: FaultPolicy.Abort.Status? = nil) {
        self.delay = delay
        self.abort = abort
    }

    /// Delay and abort are drawn apart from each other, as in Envoy.
    package init(_ policy: FaultPolicy, delayRandom: UInt64, abortRandom: UInt64) {
        self.init()
        if let delay = policy.delay, delay.duration > .zero, delay.fraction.includes(delayRandom) { self.delay = delay.duration }
        if let abort = policy.abort, abort.fraction.includes(abortRandom) { self.abort = abort.status }
    }
}
