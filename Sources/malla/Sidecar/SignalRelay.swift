// SPDX-License-Identifier: Apache-2.0
package import Processes
import Synchronization

/// Where signals to `malla run` go: to the command once it runs; before that, those that end a process end the run.
package final class SignalRelay: Sendable {
    private struct State: Sendable {
        var command: ChildProcess?
        var stop: Int32?
        var hasWithdrawn = false
    }

    private static let ending: Set<Int32> = [1, 2, 3, 15]  // HUP, INT, QUIT, TERM

    private let state = Mutex(State())
    private let stops: AsyncStream<Int32>
    private let stopped: AsyncStream<Int32>.Continuation

    package init() {
        (stops, stopped) = AsyncStream.makeStream()
    }

    /// Hands a signal on. Before the first that asks the command to end, `withdraw` takes the workload out of the mesh, so
    /// that nobody is sent to a server that is leaving.
    package func receive(_ number: Int32, withdraw: () async -> Void) async {
        let (command, withdraws) = state.withLock { state in
            let ends = Self.ending.contains(number)
            if ends, state.stop == nil { state.stop = number }
            let withdraws = ends && state.command != nil && !state.hasWithdrawn
            if withdraws { state.hasWithdrawn = true }
            return (state.command, withdraws)
        }
        guard let command else {
            if Self.ending.contains(number) { stopped.yield(number) }
            return
        }
        if withdraws { await withdraw() }
        command.signal(number)
    }

    /// The signal that ended the run before its command was started; `nil` when the task was cancelled.
    package func stopRequested() async -> Int32? {
        for await number in stops { return number }
        return nil
    }

    /// From now on signals go to the command; one that came while it was being started goes at once.
    package func attach(_ command: ChildProcess) {
        let early = state.withLock { state in
            state.command = command
            return state.stop
        }
        if let early { command.signal(early) }
    }
}
