// SPDX-License-Identifier: Apache-2.0
package import Dispatch
package import NIOCore

extension SocketLoop: EventLoop {
    package func execute(_ task: @escaping @Sendable () -> Void) { self.post(task) }

    package func _executeIsolatedUnsafeUnchecked(_ task: @escaping () -> Void) { self.putOff(task) }

    package func scheduleTask<T>(in delay: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        self.scheduleTask(deadline: .now() + delay, task)
    }

    package func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        if self.inEventLoop { return self._scheduleTaskIsolatedUnsafeUnchecked(deadline: deadline, task) }
        let promise = self.makePromise(of: T.self)
        let slot = JobSlot()
        let isAccepted = self.post { slot.job = self.schedule(deadline, promise, task) }
        if !isAccepted { promise.fail(EventLoopError.shutdown) }
        // Comes behind the other in the mailbox.
        return Scheduled(promise: promise) { self.post { self.cancel(slot) } }
    }

    package func _scheduleTaskIsolatedUnsafeUnchecked<T>(
        in delay: TimeAmount, _ task: @escaping () throws -> T
    ) -> Scheduled<T> {
        self._scheduleTaskIsolatedUnsafeUnchecked(deadline: .now() + delay, task)
    }

    package func _scheduleTaskIsolatedUnsafeUnchecked<T>(
        deadline: NIODeadline, _ task: @escaping () throws -> T
    ) -> Scheduled<T> {
        let promise = self.makePromise(of: T.self)
        let slot = JobSlot()
        slot.job = self.schedule(deadline, promise, task)
        return Scheduled(promise: promise) {
            if self.inEventLoop { self.cancel(slot) } else { self.post { self.cancel(slot) } }
        }
    }

    /// Touched only on the loop, also where its name is carried over from another thread.
    private final class JobSlot: @unchecked Sendable {
        var job: ScheduledJobs.Job?
    }

    private func schedule<T>(
        _ deadline: NIODeadline, _ promise: EventLoopPromise<T>, _ task: @escaping () throws -> T
    ) -> ScheduledJobs.Job {
        self.schedule(
            deadline,
            run: {
                do { promise.assumeIsolated().succeed(try task()) } catch { promise.fail(error) }
            }, fail: { promise.fail($0) })
    }

    private func cancel(_ slot: JobSlot) {
        guard let job = slot.job else { return }
        slot.job = nil
        self.cancel(job)
    }

    /// Ends this loop alone; mostly its group is ended.
    package func shutdownGracefully(queue: DispatchQueue, _ callback: @Sendable @escaping ((any Error)?) -> Void) {
        self.shutdown { queue.async { callback(nil) } }
    }

    package func next() -> any EventLoop { self }
    package func any() -> any EventLoop { self }
    package func makeIterator() -> EventLoopIterator { EventLoopIterator([self]) }
}
