// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How this instance behaves, changed by the story while it runs, and what it has counted.
final class ServiceBehaviour: Sendable {
    struct State: Sendable, Hashable, Codable {
        /// Share of requests answered with `failStatus`, 0 to 1; spread evenly, without chance.
        var failRate = 0.0
        var failStatus = 503
        var delayMilliseconds = 0
        var requests = 0
        var failures = 0
        /// What the load generator sent and how many of its requests did not end with 200.
        var sent = 0
        var sentFailures = 0
        var lastFailure: String?
    }

    enum Verdict: Sendable, Hashable { case answer, fail(status: Int) }

    private struct Counted: Sendable {
        var state = State()
        var owedFailures = 0.0
    }

    private let counted = Mutex(Counted())

    var state: State { counted.withLock { $0.state } }

    var delay: Duration { .milliseconds(state.delayMilliseconds) }

    func change(_ edit: (inout State) -> Void) -> State {
        counted.withLock {
            edit(&$0.state)
            return $0.state
        }
    }

    /// Counts one request and says what becomes of it.
    func admit() -> (verdict: Verdict, delay: Duration) {
        counted.withLock { counted in
            counted.state.requests += 1
            counted.owedFailures += counted.state.failRate
            let delay = Duration.milliseconds(counted.state.delayMilliseconds)
            guard counted.owedFailures >= 1 else { return (.answer, delay) }
            counted.owedFailures -= 1
            counted.state.failures += 1
            return (.fail(status: counted.state.failStatus), delay)
        }
    }

    func recordSent(failure: String?) {
        counted.withLock { counted in
            counted.state.sent += 1
            guard let failure else { return }
            counted.state.sentFailures += 1
            counted.state.lastFailure = failure
        }
    }
}
