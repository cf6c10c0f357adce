// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Sockets

struct ScheduledJobsTests {
    private static func job(_ deadline: UInt64, order: UInt64) -> ScheduledJobs.Job {
        ScheduledJobs.Job(deadline: .uptimeNanoseconds(deadline), order: order, run: {}, fail: { _ in })
    }

    @Test("jobs come in the order of their times, those of the same time as they were scheduled, without those that were removed")
    func order() {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 1...UInt64.max, using: &random)
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % bound
        }
        var jobs = ScheduledJobs()
        var known: [(deadline: UInt64, order: UInt64, job: ScheduledJobs.Job)] = []
        for order in 0..<500 {
            let deadline = next(60)
            let job = Self.job(deadline, order: UInt64(order))
            jobs.insert(job)
            known.append((deadline, UInt64(order), job))
            if order % 3 == 0 {
                let removed = known.remove(at: Int(next(UInt64(known.count))))
                jobs.remove(removed.job)
                jobs.remove(removed.job)
            }
        }
        #expect(jobs.count == known.count)
        known.sort { ($0.deadline, $0.order) < ($1.deadline, $1.order) }
        var found: [ScheduledJobs.Job] = []
        for now in UInt64(0)..<60 {
            while let job = jobs.popDue(now: .uptimeNanoseconds(now)) {
                #expect(job.deadline <= .uptimeNanoseconds(now), "seed \(seed)")
                found.append(job)
            }
        }
        #expect(found.map { ObjectIdentifier($0) } == known.map { ObjectIdentifier($0.job) }, "seed \(seed)")
        #expect(jobs.isEmpty)
    }

    @Test("nothing is due before its time") func early() {
        var jobs = ScheduledJobs()
        jobs.insert(Self.job(10, order: 1))
        #expect(jobs.next == .uptimeNanoseconds(10))
        #expect(jobs.popDue(now: .uptimeNanoseconds(9)) == nil)
        #expect(jobs.popDue(now: .uptimeNanoseconds(10)) != nil)
        #expect(jobs.next == nil)
    }
}
