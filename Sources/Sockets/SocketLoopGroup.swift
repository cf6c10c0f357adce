// SPDX-License-Identifier: Apache-2.0
package import Dispatch
package import NIOCore
import Synchronization

/// The loops of a proxy, a thread each.
package final class SocketLoopGroup: EventLoopGroup {
    package let loops: [SocketLoop]
    private let turn = Atomic<Int>(0)

    /// - Throws: `IOError` where the system gives no more descriptors or threads.
    package init(numberOfLoops: Int) throws {
        var loops: [SocketLoop] = []
        do {
            for index in 0..<max(numberOfLoops, 1) {
                let loop = try SocketLoop(name: "loop-\(index)")
                try loop.start()
                loops.append(loop)
            }
        } catch {
            for loop in loops { loop.shutdown {} }
            throw error
        }
        self.loops = loops
    }

    /// The loops in turn.
    package func nextLoop() -> SocketLoop {
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return self.loops[Int(UInt(bitPattern: turn) % UInt(self.loops.count))]
    }

    package func next() -> any EventLoop { self.nextLoop() }
    package func any() -> any EventLoop { self.loops.first { $0.inEventLoop } ?? self.nextLoop() }
    package func makeIterator() -> EventLoopIterator { EventLoopIterator(self.loops) }

    package func shutdownGracefully(queue: DispatchQueue, _ callback: @Sendable @escaping ((any Error)?) -> Void) {
        let group = DispatchGroup()
        for loop in self.loops {
            group.enter()
            loop.shutdown { group.leave() }
        }
        group.notify(queue: queue) { callback(nil) }
    }
}
