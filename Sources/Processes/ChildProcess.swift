// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A child process in a process group of its own. One thread starts it and waits for its end, so that the thread's
/// life is the child's: the parent-death signal follows the thread, not the process.
package final class ChildProcess: Sendable {
    private struct State: Sendable {
        var exit: ProcessExit?
        var waiters: [Int: CheckedContinuation<ProcessExit?, Never>] = [:]
        var nextWaiter = 0
    }

    package let pid: Int32
    private let state = Mutex(State())

    private init(pid: Int32) { self.pid = pid }

    package static func start(_ launch: ProcessLaunch) async throws -> ChildProcess {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                do {
                    let child = ChildProcess(pid: try launch.spawn())
                    continuation.resume(returning: child)
                    child.reap()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            thread.start()
        }
    }

    package var exit: ProcessExit? { state.withLock { $0.exit } }

    /// Sends a signal to the child's whole group; nothing once the child has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            guard state.exit == nil else { return }
            kill(-pid, number)
        }
    }

    /// How the child ended; `nil` when the task was cancelled first.
    package func ended() async -> ProcessExit? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let exit: ProcessExit?? = state.withLock { state in
                    if let exit = state.exit { return .some(exit) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiters[id] = continuation
                    return .none
                }
                if case .some(let exit) = exit { continuation.resume(returning: exit) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
        }
    }

    /// How the child ended; `nil` when it has not within `limit`.
    package func ended(within limit: Duration) async -> ProcessExit? {
        await withTaskGroup(of: ProcessExit?.self) { group in
            group.addTask { await self.ended() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Asks the child to end, and kills it when it has not within `grace`.
    package func stop(_ number: Int32 = SIGTERM, grace: Duration) async -> ProcessExit {
        signal(number)
        if let exit = await ended(within: grace) { return exit }
        signal(SIGKILL)
        return await ended() ?? .signalled(SIGKILL)
    }

    private func reap() {
        // First only look, then reap under the lock: `signal` never meets a pid that was given to someone else.
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (exit, waiters) = state.withLock { state in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let number = status & 0x7f
            let exit: ProcessExit = number == 0 ? .exited((status >> 8) & 0xff) : .signalled(number)
            state.exit = exit
            defer { state.waiters = [:] }
            return (exit, state.waiters)
        }
        for waiter in waiters.values { waiter.resume(returning: exit) }
    }
}
