// SPDX-License-Identifier: Apache-2.0
import Foundation
import ProxyRuntime
import Synchronization

/// Time that passes only by sleeping, at once; ends what sleeps with a cancellation after so many sleeps.
final class FakeTime: Sendable {
    private struct State {
        var now: Date
        var sleeps: [Duration] = []
    }

    private let state: Mutex<State>
    private let limit: Int
    private let random: Double

    init(from now: Date, sleeps limit: Int, random: Double = 0.5) {
        self.state = Mutex(State(now: now))
        self.limit = limit
        self.random = random
    }

    var now: Date { self.state.withLock { $0.now } }
    var sleeps: [Duration] { self.state.withLock { $0.sleeps } }

    var timing: CertificateAgent.Timing {
        CertificateAgent.Timing(now: { self.now }, sleep: { try self.pass($0) }, random: { [random] in random })
    }

    private func pass(_ duration: Duration) throws {
        try self.state.withLock { state in
            state.sleeps.append(duration)
            guard state.sleeps.count < self.limit else { throw CancellationError() }
            state.now += Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        }
    }
}
