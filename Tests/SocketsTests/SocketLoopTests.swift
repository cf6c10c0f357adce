// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import Synchronization
import Testing

@testable import Sockets

struct SocketLoopTests {
    private final class Record: Sendable {
        let state = Mutex<[String]>([])
        func note(_ text: String) { self.state.withLock { $0.append(text) } }
        var notes: [String] { self.state.withLock { $0 } }
    }

    private static func withLoop(_ body: (SocketLoop) async throws -> Void) async throws {
        let group = try SocketLoopGroup(numberOfLoops: 1)
        try await body(group.nextLoop())
        try await group.shutdownGracefully()
    }

    @Test("tasks run in the order they were given, those of a task behind it") func order() async throws {
        try await Self.withLoop { loop in
            let record = Record()
            for index in 0..<100 { loop.execute { record.note("\(index)") } }
            try await loop.submit {
                record.note("outer")
                loop.execute { record.note("inner") }
            }.get()
            try await loop.submit {}.get()
            #expect(record.notes == (0..<100).map { "\($0)" } + ["outer", "inner"])
        }
    }

    @Test("tasks of many threads all run, on the loop's thread") func threads() async throws {
        try await Self.withLoop { loop in
            let count = Atomic<Int>(0)
            let wrong = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                for _ in 0..<1000 {
                    loop.execute {
                        if !loop.inEventLoop { wrong.wrappingAdd(1, ordering: .relaxed) }
                        count.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
            try await loop.submit {}.get()
            #expect(count.load(ordering: .relaxed) == 8000)
            #expect(wrong.load(ordering: .relaxed) == 0)
            #expect(!loop.inEventLoop)
        }
    }

    @Test("a scheduled task runs at its time and not before, whichever thread asked") func scheduled() async throws {
        try await Self.withLoop { loop in
            let start = NIODeadline.now()
            let late = loop.scheduleTask(in: .milliseconds(30)) { NIODeadline.now() }
            let soon = try await loop.flatSubmit { loop.scheduleTask(in: .milliseconds(5)) { NIODeadline.now() }.futureResult }
                .get()
            #expect(soon - start >= .milliseconds(5))
            #expect(try await late.futureResult.get() - start >= .milliseconds(30))
        }
    }

    @Test("a cancelled task does not run, and its future fails") func cancelled() async throws {
        try await Self.withLoop { loop in
            let record = Record()
            let elsewhere = loop.scheduleTask(in: .milliseconds(10)) { record.note("elsewhere") }
            elsewhere.cancel()
            let here = try await loop.submit {
                let task = loop.scheduleTask(in: .milliseconds(10)) { record.note("here") }
                task.cancel()
                return task
            }.get()
            await #expect(throws: EventLoopError.self) { try await elsewhere.futureResult.get() }
            await #expect(throws: EventLoopError.self) { try await here.futureResult.get() }
            try await loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            #expect(record.notes == [])
        }
    }

    private final class Flusher: TurnFlushing {
        let record: Record
        let then: () -> Void
        init(_ record: Record, then: @escaping () -> Void = {}) {
            self.record = record
            self.then = then
        }
        func turnEnded() {
            self.record.note("flush")
            self.then()
        }
    }

    @Test("output is flushed behind what the turn brings, and what flushing leads to in the same turn") func flushes() async throws
    {
        try await Self.withLoop { loop in
            let record = Record()
            try await loop.submit {
                loop.flushAtTurnEnd(Flusher(record) { loop.flushAtTurnEnd(Flusher(record)) })
                loop.execute { record.note("task") }
            }.get()
            try await loop.submit { record.note("next turn") }.get()
            #expect(record.notes == ["task", "flush", "flush", "next turn"])
        }
    }

    @Test("a task that puts itself off again and again holds up nothing") func endless() async throws {
        try await Self.withLoop { loop in
            let isOver = Atomic<Bool>(false)
            @Sendable func again() { if !isOver.load(ordering: .relaxed) { loop.execute(again) } }
            loop.execute(again)
            try await loop.scheduleTask(in: .milliseconds(1)) {}.futureResult.get()
            isOver.store(true, ordering: .relaxed)
        }
    }

    @Test("what is scheduled when the loop ends fails; what is asked for later is refused") func shutdown() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 2)
        let loop = group.nextLoop()
        let record = Record()
        loop.scheduleTask(in: .hours(1)) {}.futureResult.whenFailure { record.note("\($0)") }
        try await group.shutdownGracefully()
        #expect(record.notes == ["\(EventLoopError.shutdown)"])
        #expect(!loop.post { record.note("later") })
        try await group.shutdownGracefully()
    }

    @Test("loops take turns") func turns() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 3)
        let loops = (0..<6).map { _ in ObjectIdentifier(group.nextLoop()) }
        #expect(Set(loops).count == 3)
        #expect(Array(loops[0..<3]) == Array(loops[3..<6]))
        try await group.shutdownGracefully()
    }
}
