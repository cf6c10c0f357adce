// SPDX-License-Identifier: Apache-2.0

/// The timers that one request may have running.
struct RequestTimers {
    /// A fault's delay.
    var delay: TimerToken?
    var backOff: TimerToken?
    var response: TimerToken?
    var perTry: TimerToken?
    var perTryIdle: TimerToken?
    var upstreamDuration: TimerToken?
    var streamIdle: TimerToken?
    var request: TimerToken?
    var duration: TimerToken?

    mutating func cancelTry(_ timers: DeadlineTimers) {
        timers.cancel(&self.perTry)
        timers.cancel(&self.perTryIdle)
        timers.cancel(&self.upstreamDuration)
    }

    mutating func cancelAll(_ timers: DeadlineTimers) {
        self.cancelTry(timers)
        timers.cancel(&self.delay)
        timers.cancel(&self.backOff)
        timers.cancel(&self.response)
        timers.cancel(&self.streamIdle)
        timers.cancel(&self.request)
        timers.cancel(&self.duration)
    }
}
