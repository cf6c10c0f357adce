// SPDX-License-Identifier: Apache-2.0
package import Processes
import Synchronization

/// Keeps a sidecar running: one that ends by itself is started again, after a pause that grows.
package final class SidecarSupervisor: Sendable {
    private struct State: Sendable {
        var child: ChildProcess?
        var isStopping = false
        var endings = 0
    }

    private let launch: ProcessLaunch
    private let directory: WorkloadDirectory
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    package init(launch: ProcessLaunch, directory: WorkloadDirectory, report: @escaping @Sendable (String) -> Void) {
        self.launch = launch
        self.directory = directory
        self.report = report
    }

    /// How often the sidecar has ended by itself.
    package var endings: Int { state.withLock { $0.endings } }

    /// Runs until `stop` or cancellation. `prepare` is called before every start but the first.
    package func run(prepare: @Sendable () async throws -> Void) async throws {
        var backoff = RestartBackoff()
        while !state.withLock({ $0.isStopping }) {
            let start = ContinuousClock.now
            let child = try await ChildProcess.start(launch)
            directory.remember("proxy", pid: child.pid)
            let stopsAtOnce = state.withLock { state in
                state.child = child
                return state.isStopping
            }
            if stopsAtOnce { child.signal(15) }
            guard let exit = await child.ended() else { return }
            let isStopping = state.withLock { state in
                state.child = nil
                state.endings += 1
                return state.isStopping
            }
            guard !isStopping else { return }
            let pause = backoff.delay(afterLiving: ContinuousClock.now - start)
            report("the sidecar ended with \(exit), it is started again")
            try await Task.sleep(for: pause)
            do { try await prepare() } catch { report("a join token for the sidecar could not be had: \(error)") }
        }
    }

    /// Lets the sidecar drain, and kills it after `grace`.
    package func stop(grace: Duration) async {
        let child = state.withLock { state in
            state.isStopping = true
            return state.child
        }
        _ = await child?.stop(grace: grace)
    }
}
