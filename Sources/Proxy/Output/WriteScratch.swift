// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Memory in which heads are written before they go to the socket: nearly always they are gone when the write returns, so that
/// one piece does for all connections of an event loop, and none of them holds any while it rests.
final class WriteScratch {
    private static let capacity = 4096

    private var buffer = ByteBuffer()

    /// An empty buffer with room.
    func take(_ buffer: inout ByteBuffer) {
        swap(&self.buffer, &buffer)
        if buffer.capacity == 0 { buffer.reserveCapacity(Self.capacity) }
    }

    /// What was written stays untouched if somebody still holds it.
    func giveBack(_ buffer: inout ByteBuffer) {
        guard buffer.capacity > 0 else { return }
        if self.buffer.capacity == 0, buffer.capacity <= 4 * Self.capacity {
            // Makes memory of its own where the channel could not send at once.
            buffer.clear()
            swap(&self.buffer, &buffer)
        }
        buffer = ByteBuffer()
    }
}
