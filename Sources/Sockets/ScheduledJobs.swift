// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What is to run at its time, the earliest first: a binary heap in which every job knows its place, so that a cancelled one leaves
/// at once instead of waiting for its time.
struct ScheduledJobs {
    final class Job {
        let deadline: NIODeadline
        /// Of two with the same deadline the one that was scheduled first runs first.
        fileprivate let order: UInt64
        fileprivate var place = -1
        let run: () -> Void
        let fail: (any Error) -> Void

        init(deadline: NIODeadline, order: UInt64, run: @escaping () -> Void, fail: @escaping (any Error) -> Void) {
            self.deadline = deadline
            self.order = order
            self.run = run
            self.fail = fail
        }

        fileprivate func isBefore(_ other: Job) -> Bool {
            self.deadline != other.deadline ? self.deadline < other.deadline : self.order < other.order
        }
    }

    private var heap: ContiguousArray<Job> = []

    var isEmpty: Bool { self.heap.isEmpty }
    var count: Int { self.heap.count }
    var next: NIODeadline? { self.heap.first?.deadline }

    mutating func insert(_ job: Job) {
        self.heap.append(job)
        job.place = self.heap.count - 1
        self.rise(job.place)
    }

    /// Nothing if it has run.
    mutating func remove(_ job: Job) {
        let place = job.place
        guard place >= 0, place < self.heap.count, self.heap[place] === job else { return }
        let last = self.heap.removeLast()
        job.place = -1
        guard last !== job else { return }
        self.put(last, at: place)
        self.rise(place)
        self.sink(last.place)
    }

    /// The first whose time has come.
    mutating func popDue(now: NIODeadline) -> Job? {
        guard let first = self.heap.first, first.deadline <= now else { return nil }
        self.remove(first)
        return first
    }

    mutating func removeAll() -> [Job] {
        let jobs = Array(self.heap)
        self.heap.removeAll()
        for job in jobs { job.place = -1 }
        return jobs
    }

    private mutating func put(_ job: Job, at place: Int) {
        self.heap[place] = job
        job.place = place
    }

    private mutating func rise(_ start: Int) {
        var place = start
        let job = self.heap[place]
        while place > 0 {
            let parent = self.heap[(place - 1) / 2]
            guard job.isBefore(parent) else { break }
            let above = (place - 1) / 2
            self.put(parent, at: place)
            place = above
        }
        self.put(job, at: place)
    }

    private mutating func sink(_ start: Int) {
        var place = start
        let job = self.heap[place]
        while true {
            var child = 2 * place + 1
            guard child < self.heap.count else { break }
            if child + 1 < self.heap.count, self.heap[child + 1].isBefore(self.heap[child]) { child += 1 }
            guard self.heap[child].isBefore(job) else { break }
            self.put(self.heap[child], at: place)
            place = child
        }
        self.put(job, at: place)
    }
}
