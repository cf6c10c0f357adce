// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Memory in which heads are written before they go to the socket. Nearly always they are gone when the loop's turn ends, so that a
/// few pieces do for all connections of an event loop, and none of them holds any while it rests.
final class WriteScratch {
    private static let capacity = 4096
    /// Pieces that are kept.
    private static let limit = 64

    private var free: [ByteBuffer] = []

    /// An empty buffer with room.
    func take(_ buffer: inout ByteBuffer) {
        if let known = self.free.popLast() { return buffer = known }
        buffer = ByteBuffer()
        buffer.reserveCapacity(Self.capacity)
    }

    /// What was written stays untouched if somebody still holds it.
    func giveBack(_ buffer: inout ByteBuffer) {
        guard self.free.count < Self.limit, (1...4 * Self.capacity).contains(buffer.capacity) else { return buffer = ByteBuffer() }
        guard buffer.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return buffer = ByteBuffer() }
        self.free.append(buffer)
        buffer = ByteBuffer()
    }
}
