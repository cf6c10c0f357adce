// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import Testing

@testable import Proxy

struct TimerWheelTests {
    private final class Target: TimerTarget {
        let deadline: UInt64
        var fired = 0
        init(_ deadline: UInt64) { self.deadline = deadline }
        func timerFired(_ kind: TimerKind) { self.fired += 1 }
    }

    @Test(arguments: [1, 2, 1022, 1023, 1024, 1025, 2047, 2048, 5000, 1_048_575, 1_048_576, 1_049_600, 3_000_000])
    func `a timer fires at its tick, whatever wheel it waits in`(delay: UInt64) {
        for start: UInt64 in [0, 1, 1022, 1023, 1024, 99_999] {
            var wheel = TimerWheel(now: start)
            _ = wheel.insert(Target(start + delay), .idle, at: start + delay)
            var wakes = 0
            while let wake = wheel.nextWake, wake < start + delay {
                #expect(wheel.popDue(now: wake) == nil)
                wakes += 1
                guard wakes < 10 else { break }
            }
            #expect(wheel.popDue(now: start + delay - 1) == nil)
            #expect(wheel.nextWake == start + delay)
            #expect(wheel.popDue(now: start + delay) != nil)
            #expect(wheel.popDue(now: start + delay) == nil)
            #expect(wheel.nextWake == nil)
            #expect(wheel.count == 0)
        }
    }

    @Test func `a timer that was cancelled does not fire, and its token is good for nothing else`() {
        var wheel = TimerWheel(now: 0)
        let first = wheel.insert(Target(5), .idle, at: 5)
        wheel.cancel(first)
        let second = wheel.insert(Target(5), .request, at: 5)
        wheel.cancel(first)
        #expect(wheel.count == 1)
        #expect(wheel.popDue(now: 10)?.kind == .request)
        wheel.cancel(second)
        #expect(wheel.count == 0)
    }

    @Test func `what is inserted while timers fire has its turn later`() {
        var wheel = TimerWheel(now: 0)
        _ = wheel.insert(Target(7), .idle, at: 7)
        #expect(wheel.popDue(now: 9) != nil)
        _ = wheel.insert(Target(0), .request, at: 0)
        #expect(wheel.popDue(now: 9)?.kind == .request)
        #expect(wheel.popDue(now: 9) == nil)
    }

    @Test(arguments: UInt64(0)..<20) func `thousands of timers keep their times`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var now: UInt64 = random.next() % 5000
        var wheel = TimerWheel(now: now)
        var waiting: [TimerToken: Target] = [:]
        var late = 0
        for _ in 0..<2000 {
            switch random.next() % 4 {
            case 0, 1:
                let delay = 1 + random.next() % [10, 2000, 100_000, 4_000_000][Int(random.next() % 4)]
                let target = Target(now + delay)
                waiting[wheel.insert(target, .idle, at: now + delay)] = target
            case 2:
                guard let (token, _) = waiting.first else { continue }
                wheel.cancel(token)
                waiting[token] = nil
            default:
                let next = now + 1 + random.next() % 3000
                let first = waiting.values.map(\.deadline).min()
                if let first { #expect((wheel.nextWake ?? .max) <= first) }
                while let due = wheel.popDue(now: next) {
                    guard let target = due.target as? Target else { continue }
                    if target.deadline > next || target.deadline <= now { late += 1 }
                    target.fired += 1
                }
                for (token, target) in waiting where target.deadline <= next {
                    if target.fired != 1 { late += 1 }
                    waiting[token] = nil
                }
                now = next
            }
        }
        #expect(late == 0)
        #expect(wheel.count == waiting.count)
        #expect(waiting.values.allSatisfy { $0.fired == 0 })
    }
}
