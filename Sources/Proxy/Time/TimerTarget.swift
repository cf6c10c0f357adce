// SPDX-License-Identifier: Apache-2.0

/// Something that keeps times through `DeadlineTimers`. Called on its event loop, once for each timer that was not cancelled.
protocol TimerTarget: AnyObject {
    func timerFired(_ kind: TimerKind)
}

/// Which of a target's times has come.
enum TimerKind: UInt8, Sendable, Hashable {
    case idle
    case headers
    case request
    case response
    case perTry
    case perTryIdle
    case upstreamDuration
    case streamIdle
    case backOff
    case delay
    case drain
    case close
    case maxDuration
    case connect
    case logFlush
}

/// Stands for one timer. Using it after the timer has fired or was cancelled does nothing.
struct TimerToken: Sendable, Hashable {
    var index: UInt32
    var generation: UInt32
}
