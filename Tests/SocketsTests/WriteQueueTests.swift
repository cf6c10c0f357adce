// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import Testing

@testable import Sockets

struct WriteQueueTests {
    @Test(
        "promises are kept when the last byte before them has gone",
        arguments: [
            // Sizes, bytes sent, promises kept, bytes left.
            ([3, 4], 0, 0, 7), ([3, 4], 2, 0, 5), ([3, 4], 3, 1, 4), ([3, 4], 7, 2, 0), ([0], 0, 1, 0), ([3, 0, 4], 3, 2, 4),
            ([0, 0, 5], 1, 2, 4),
        ])
    func sent(_ sizes: [Int], _ count: Int, _ kept: Int, _ left: Int) {
        let loop = EmbeddedEventLoop()
        var queue = WriteQueue()
        for size in sizes { queue.append(ByteBuffer(repeating: 0, count: size), loop.makePromise()) }
        queue.markFlush()
        let promises = queue.sent(count)
        #expect(promises.count == kept)
        #expect(queue.bytes == left)
        for promise in promises + queue.removeAll() { promise.succeed(()) }
        #expect(queue.isEmpty)
    }

    @Test("what has not been flushed does not go") func unflushed() {
        var queue = WriteQueue()
        queue.append(ByteBuffer(string: "ab"), nil)
        queue.markFlush()
        queue.append(ByteBuffer(string: "cd"), nil)
        #expect(queue.flushable == 1)
        _ = queue.sent(2)
        #expect(queue.flushable == 0)
        #expect(queue.items.count == 1)
    }
}
