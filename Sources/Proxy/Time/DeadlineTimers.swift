// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The timers of one event loop, a millisecond fine: never early, and for thousands of them one task of the loop at a time.
///
/// For whatever is set per request or per connection. A `scheduleTask` of the loop costs a promise, a closure and a place in a heap;
/// a timer here costs none of them. Touched only on the loop.
final class DeadlineTimers {
    private let eventLoop: any EventLoop
    private let origin: NIODeadline
    private var wheel = TimerWheel(now: 0)
    private var wakeTick = UInt64.max
    private var wake: Scheduled<Void>?

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.origin = .now()
    }

    /// Timers that wait.
    var count: Int { self.wheel.count }

    /// - Parameter now: Saves looking at the clock where the caller just has.
    func schedule(_ target: any TimerTarget, _ kind: TimerKind, after delay: TimeAmount, now: NIODeadline = .now()) -> TimerToken {
        let deadline = self.tick(now + max(delay, .milliseconds(1)), roundedUp: true)
        let wake = self.wheel.wake(for: deadline)
        let token = self.wheel.insert(target, kind, at: deadline)
        if wake < self.wakeTick { self.wakeAt(wake) }
        return token
    }

    func cancel(_ token: TimerToken) { self.wheel.cancel(token) }

    /// Cancels and forgets.
    func cancel(_ token: inout TimerToken?) {
        guard let known = token else { return }
        token = nil
        self.wheel.cancel(known)
    }

    /// Calls whose time has come. Runs by itself; for tests also by hand.
    func fire(now: NIODeadline) {
        let tick = self.tick(now, roundedUp: false)
        while let due = self.wheel.popDue(now: tick) { due.target.timerFired(due.kind) }
        self.wakeTick = .max
        if let next = self.wheel.nextWake { self.wakeAt(next) }
    }

    private func wakeAt(_ tick: UInt64) {
        self.wake?.cancel()
        self.wakeTick = tick
        let deadline = self.origin + .milliseconds(Int64(clamping: tick))
        // The task keeps the timers alive, not the other way round: a weak reference would make every use of them dear.
        self.wake = self.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.wake = nil
            self.fire(now: .now())
        }
    }

    private func tick(_ time: NIODeadline, roundedUp: Bool) -> UInt64 {
        let nanoseconds = max((time - self.origin).nanoseconds, 0)
        return UInt64((nanoseconds + (roundedUp ? 999_999 : 0)) / 1_000_000)
    }
}
