// SPDX-License-Identifier: Apache-2.0
import Synchronization
import XDSProtocol

/// What waits to be done for one stream: requests in order, and at most one push however often one was asked for.
///
/// Lock around a value; `wakeUps` holds at most one element, so a slow stream costs no memory.
final class PushQueue<Request: Sendable>: Sendable {
    struct Work: Sendable {
        var requests: [(ResourceType, Request)] = []
        var isPushDue = false
        var warmingTimeouts: [UInt64] = []
    }

    enum Ending: Error { case finished, tooManyRequests, shutdown }

    private struct State: Sendable {
        var work = Work()
        var ending: Ending?
    }

    private let state = Mutex(State())
    private let continuation: AsyncStream<Void>.Continuation
    private let maximumRequests: Int
    let wakeUps: AsyncStream<Void>

    init(maximumRequests: Int) {
        self.maximumRequests = maximumRequests
        (self.wakeUps, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func enqueue(_ type: ResourceType, _ request: Request) {
        let isFull = self.state.withLock { state in
            guard state.work.requests.count < self.maximumRequests else { return true }
            state.work.requests.append((type, request))
            return false
        }
        if isFull { self.end(.tooManyRequests) } else { self.continuation.yield() }
    }

    func pushNeeded() {
        self.state.withLock { $0.work.isPushDue = true }
        self.continuation.yield()
    }

    func warmingTimedOut(round: UInt64) {
        self.state.withLock { $0.work.warmingTimeouts.append(round) }
        self.continuation.yield()
    }

    /// The first ending counts.
    func end(_ ending: Ending) {
        self.state.withLock { if $0.ending == nil { $0.ending = ending } }
        self.continuation.finish()
    }

    var ending: Ending? { self.state.withLock { $0.ending } }

    func takeWork() -> Work {
        self.state.withLock { state in
            defer { state.work = Work() }
            return state.work
        }
    }
}
