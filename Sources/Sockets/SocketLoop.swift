// SPDX-License-Identifier: Apache-2.0
import CPoll
import Glibc
import NIOConcurrencyHelpers
import NIOCore
import Synchronization

/// One thread: it waits for its sockets, runs what they bring, then what was put off, then waits again.
///
/// A loop of NIO's kind, so that NIO's channels, futures and handlers run on it, but one whose sockets are registered once and
/// edge-triggered, and which gives what it reads straight to whoever serves the connection: docs/decisions/0009.
///
/// What is not constant, locked or atomic is touched only on the loop's thread.
package final class SocketLoop: @unchecked Sendable {
    /// What other threads want to have run.
    private struct Mailbox {
        var tasks: [() -> Void] = []
        var isWoken = false
        var isClosed = false
    }

    /// Rounds of put-off tasks before sockets are looked at again.
    private static let roundsAtOnce = 32
    /// Connections with output that are gathered within a turn before they are flushed: enough in a row, and not so many that the
    /// first waits for long.
    private static let flushesAtOnce = 16

    private(set) var poller: Poller
    private let waker: Poller.Waker
    private let name: String
    /// By a pthread lock, whose order the thread sanitizer sees: all that other threads hand over comes through here.
    private let mailbox = NIOLockedValueBox(Mailbox())
    /// `pthread_self` of the loop's thread; 0 before it runs.
    private let thread = Atomic<UInt>(0)
    private var tasks: [() -> Void] = []
    /// Its memory is used for the next round.
    private var running: [() -> Void] = []
    private var jobs = ScheduledJobs()
    private var jobOrder: UInt64 = 0
    /// Channels with bytes that were left unread, or whose reading was switched on again.
    private var unread: [SocketChannel] = []
    /// What has output to send when this turn ends.
    private var flushing: [any TurnFlushing] = []
    /// Its memory is used for the next round.
    private var flushed: [any TurnFlushing] = []
    var readBuffers = ReadBuffers()
    private var isEnding = false
    private var onEnd: (() -> Void)?

    init(name: String) throws {
        self.name = name
        self.poller = try Poller()
        self.waker = self.poller.waker
    }

    // MARK: The thread

    /// - Throws: `IOError` where the system has no more threads.
    func start() throws {
        var thread = pthread_t()
        let own = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let loop = Unmanaged<SocketLoop>.fromOpaque(argument).takeRetainedValue()
                loop.run()
                return nil
            }, own.toOpaque())
        guard code == 0 else {
            own.release()
            throw IOError(errnoCode: code, reason: "pthread_create")
        }
        pthread_detach(thread)
    }

    private func run() {
        self.thread.store(UInt(pthread_self()), ordering: .relaxed)
        malla_name_thread(self.name)
        while true {
            let count = self.poller.wait(milliseconds: self.patience())
            for index in 0..<count {
                guard let event = self.poller.event(index) else { continue }
                event.target.ready(event.readiness)
                if self.flushing.count >= Self.flushesAtOnce { self.flushAll() }
            }
            if !self.unread.isEmpty { self.readWhatWasLeft() }
            self.runJobs()
            self.takeMail()
            self.runTasks()
            self.flushAll()
            if self.isEnding { break }
        }
        self.end()
    }

    /// How long the next wait may last, in milliseconds: rounded up, because a task is never early.
    private func patience() -> CInt {
        if !self.tasks.isEmpty || !self.unread.isEmpty { return 0 }
        guard let next = self.jobs.next else { return -1 }
        let nanoseconds = (next - .now()).nanoseconds
        guard nanoseconds > 0 else { return 0 }
        return CInt(clamping: (nanoseconds - 1) / 1_000_000 + 1)
    }

    private func runJobs() {
        guard !self.jobs.isEmpty else { return }
        let now = NIODeadline.now()
        while let job = self.jobs.popDue(now: now) { job.run() }
    }

    private func takeMail() {
        self.mailbox.withLockedValue { mailbox in
            guard !mailbox.tasks.isEmpty else { return mailbox.isWoken = false }
            if self.tasks.isEmpty { swap(&self.tasks, &mailbox.tasks) } else { self.tasks += mailbox.tasks }
            mailbox.tasks.removeAll(keepingCapacity: true)
            mailbox.isWoken = false
        }
    }

    private func runTasks() {
        var rounds = 0
        while !self.tasks.isEmpty, rounds < Self.roundsAtOnce {
            rounds += 1
            swap(&self.tasks, &self.running)
            for task in self.running { task() }
            self.running.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Output

    /// Calls `turnEnded` once, when what has arrived in this turn, or a good part of it, has been looked at. On the loop.
    ///
    /// What many connections have to say leaves in a row then. The first of them wakes whoever listens, on another core; the others
    /// find him awake. Sent one by one in between, each would wake him anew, and that costs more than the rest of a system call.
    package func flushAtTurnEnd(_ target: any TurnFlushing) { self.flushing.append(target) }

    private func flushAll() {
        while !self.flushing.isEmpty {
            swap(&self.flushing, &self.flushed)
            for target in self.flushed { target.turnEnded() }
            self.flushed.removeAll(keepingCapacity: true)
        }
    }

    // MARK: The end

    /// Closes what is open, runs what that leads to, and ends the thread. `done` runs last, on it.
    func shutdown(_ done: @escaping @Sendable () -> Void) {
        let isAccepted = self.post {
            self.onEnd = done
            self.isEnding = true
            self.flushAll()
            for target in self.poller.targets { target.loopEnds() }
        }
        if !isAccepted { done() }
    }

    private func end() {
        while true {
            self.takeMail()
            self.runTasks()
            for job in self.jobs.removeAll() { job.fail(EventLoopError.shutdown) }
            for target in self.poller.targets { target.loopEnds() }
            let isOver = self.mailbox.withLockedValue { mailbox in
                guard mailbox.tasks.isEmpty, self.tasks.isEmpty, self.jobs.isEmpty else { return false }
                mailbox.isClosed = true
                return true
            }
            if isOver { break }
        }
        self.unread = []
        self.readBuffers = ReadBuffers()
        // Another thread may get the same name.
        self.thread.store(0, ordering: .relaxed)
        let done = self.onEnd
        self.onEnd = nil
        done?()
    }

    // MARK: What is put off

    package var inEventLoop: Bool { self.thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Behind everything that is put off already. On the loop.
    func putOff(_ task: @escaping () -> Void) { self.tasks.append(task) }

    /// From any thread. False once the loop has ended: the task is not run.
    @discardableResult
    func post(_ task: @escaping @Sendable () -> Void) -> Bool {
        if self.inEventLoop {
            self.putOff(task)
            return true
        }
        let (isAccepted, wakes) = self.mailbox.withLockedValue { mailbox in
            guard !mailbox.isClosed else { return (false, false) }
            mailbox.tasks.append(task)
            let wakes = !mailbox.isWoken
            mailbox.isWoken = true
            return (true, wakes)
        }
        if wakes { self.waker.wake() }
        return isAccepted
    }

    /// On the loop. The job runs at `deadline` or soon after.
    func schedule(
        _ deadline: NIODeadline, run: @escaping () -> Void, fail: @escaping (any Error) -> Void
    ) -> ScheduledJobs.Job {
        self.jobOrder &+= 1
        let job = ScheduledJobs.Job(deadline: deadline, order: self.jobOrder, run: run, fail: fail)
        self.jobs.insert(job)
        return job
    }

    func cancel(_ job: ScheduledJobs.Job) { self.jobs.remove(job) }

    // MARK: Sockets

    func watch(_ descriptor: CInt, _ target: any Polled, isEdge: Bool = true) throws -> Poller.Token {
        try self.poller.add(descriptor, target, isEdge: isEdge)
    }

    /// The descriptor is about to be closed.
    func forget(_ token: Poller.Token) { self.poller.release(token) }

    func unwatch(_ descriptor: CInt, _ token: Poller.Token) { self.poller.remove(descriptor, token) }

    /// The channel is asked again before the loop waits.
    func readLater(_ channel: SocketChannel) { self.unread.append(channel) }

    private func readWhatWasLeft() {
        var channels: [SocketChannel] = []
        swap(&channels, &self.unread)
        for channel in channels { channel.readWhatWasLeft() }
    }
}
