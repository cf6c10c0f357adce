// SPDX-License-Identifier: Apache-2.0
import DequeModule
import NIOCore

/// What a socket has not taken yet, in order.
struct WriteQueue {
    struct Item {
        var bytes: ByteBuffer
        var promise: EventLoopPromise<Void>?
    }

    private(set) var items: Deque<Item> = []
    /// So many of the first ones may go out.
    private(set) var flushable = 0
    /// Bytes of all.
    private(set) var bytes = 0

    var isEmpty: Bool { self.items.isEmpty }

    mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        self.items.append(Item(bytes: bytes, promise: promise))
        self.bytes += bytes.readableBytes
    }

    mutating func markFlush() { self.flushable = self.items.count }

    /// Takes `count` bytes off the front, and with them what is empty there. Returns the promises that are kept.
    mutating func sent(_ count: Int) -> [EventLoopPromise<Void>] {
        var left = count
        var kept: [EventLoopPromise<Void>] = []
        self.bytes -= count
        while self.flushable > 0 {
            let size = self.items[0].bytes.readableBytes
            guard size <= left else {
                self.items[0].bytes.moveReaderIndex(forwardBy: left)
                break
            }
            left -= size
            self.flushable -= 1
            if let promise = self.items.removeFirst().promise { kept.append(promise) }
        }
        return kept
    }

    mutating func removeAll() -> [EventLoopPromise<Void>] {
        let promises = self.items.compactMap(\.promise)
        self = WriteQueue()
        return promises
    }
}
