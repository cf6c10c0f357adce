// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The timers that one HTTP/1 connection may have running, beside those of its request.
struct SessionTimers {
    var idle: TimerToken?
    var head: TimerToken?
    var drain: TimerToken?
    var close: TimerToken?

    /// How long a client may take for the rest of its last answer.
    static let flushTime = TimeAmount.minutes(5)
    /// Envoy's `delayed_close_timeout`.
    static let lingerTime = TimeAmount.seconds(1)

    mutating func cancelAll(_ timers: DeadlineTimers) {
        timers.cancel(&self.idle)
        timers.cancel(&self.head)
        timers.cancel(&self.drain)
        timers.cancel(&self.close)
    }
}
