// SPDX-License-Identifier: Apache-2.0

/// The timers that one HTTP/1 connection may have running, beside those of its request.
struct SessionTimers {
    var idle: TimerToken?
    var head: TimerToken?
    var drain: TimerToken?
    var close: TimerToken?

    mutating func cancelAll(_ timers: DeadlineTimers) {
        timers.cancel(&self.idle)
        timers.cancel(&self.head)
        timers.cancel(&self.drain)
        timers.cancel(&self.close)
    }
}
