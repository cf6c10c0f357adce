// SPDX-License-Identifier: Apache-2.0
import DequeModule
import NIOCore

/// Parts of a body that wait for a window.
struct PendingData {
    private var parts: Deque<ByteBuffer> = []
    private(set) var bytes = 0

    mutating func append(_ part: ByteBuffer) {
        self.parts.append(part)
        self.bytes += part.readableBytes
    }

    /// The next bytes, at most `count` and not more than one part.
    mutating func take(_ count: Int) -> ByteBuffer? {
        guard var part = self.parts.popFirst() else { return nil }
        let taken = part.readSlice(length: min(count, part.readableBytes))
        if part.readableBytes > 0 { self.parts.prepend(part) }
        self.bytes -= taken?.readableBytes ?? 0
        return taken
    }
}
