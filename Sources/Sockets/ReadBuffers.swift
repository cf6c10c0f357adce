// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Memory that a loop's sockets are read into. A piece is used again as soon as nobody holds what was read into it: heads and bodies
/// are slices of it, and keep it while they live.
struct ReadBuffers {
    /// Enough for most messages, and for what a loop's connections hold at once.
    static let small = 4096
    /// So much passes in one system call where a body fills every read. What one connection may hold of a body for a slow peer is
    /// bounded by it.
    static let large = 256 * 1024

    private var smallOnes = Ring(limit: 64)
    private var largeOnes = Ring(limit: 4)

    /// Lets `fill` write into a piece of at least `size` bytes and returns how many it says to have written, with the piece where
    /// that is more than nothing.
    mutating func read(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) -> (count: Int, bytes: ByteBuffer?) {
        size <= Self.small ? self.smallOnes.read(Self.small, size, fill) : self.largeOnes.read(size, size, fill)
    }

    private struct Ring {
        let limit: Int
        private var pieces: ContiguousArray<ByteBuffer> = []
        private var cursor = 0

        init(limit: Int) { self.limit = limit }

        /// How many are looked at before another is made.
        private static let probes = 3

        mutating func read(_ capacity: Int, _ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) -> (Int, ByteBuffer?) {
            for _ in 0..<min(Self.probes, self.pieces.count) {
                let found = self.pieces[self.cursor].modifyIfUniquelyOwned { piece -> (Int, ByteBuffer?) in
                    piece.clear()
                    if piece.capacity < capacity { piece.reserveCapacity(capacity) }
                    return Self.fill(&piece, size, fill)
                }
                if let found { return found }
                self.cursor = self.cursor + 1 < self.pieces.count ? self.cursor + 1 : 0
            }
            var piece = ByteBuffer()
            piece.reserveCapacity(capacity)
            let result = Self.fill(&piece, size, fill)
            if self.pieces.count < self.limit {
                self.pieces.append(piece)
            } else {
                // Whoever holds the old one keeps it.
                self.pieces[self.cursor] = piece
            }
            return result
        }

        private static func fill(
            _ piece: inout ByteBuffer, _ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int
        ) -> (Int, ByteBuffer?) {
            var count = 0
            piece.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { bytes in
                count = fill(UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(size)))
                return max(count, 0)
            }
            return (count, count > 0 ? piece : nil)
        }
    }
}
