// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The nine bytes before each frame (RFC 9113 4.1).
struct FrameHeader {
    static let byteCount = 9
    /// Where the flags stand.
    static let flagsOffset = 4

    var length: Int
    var type: UInt8
    var flags: FrameFlags
    var stream: UInt32

    init(length: Int, type: FrameType, flags: FrameFlags = [], stream: UInt32) {
        self.length = length
        self.type = type.rawValue
        self.flags = flags
        self.stream = stream
    }

    /// Looks at the front of `buffer`; nil if less than a header is there.
    init?(peeking buffer: ByteBuffer) {
        guard buffer.readableBytes >= Self.byteCount else { return nil }
        let (front, last) = buffer.withUnsafeReadableBytes { bytes in
            (UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)), bytes[8])
        }
        self.length = Int(truncatingIfNeeded: front >> 40)
        self.type = UInt8(truncatingIfNeeded: front >> 32)
        self.flags = FrameFlags(rawValue: UInt8(truncatingIfNeeded: front >> 24))
        self.stream = UInt32(truncatingIfNeeded: front << 8 | UInt64(last)) & 0x7FFF_FFFF
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.byteCount) { space in
            self.store(in: space)
            return Self.byteCount
        }
    }

    /// - Parameter space: At least nine bytes.
    func store(in space: UnsafeMutableRawBufferPointer) {
        let front =
            UInt64(truncatingIfNeeded: self.length) << 40 | UInt64(self.type) << 32 | UInt64(self.flags.rawValue) << 24
            | UInt64(self.stream >> 8)
        space.storeBytes(of: front.bigEndian, as: UInt64.self)
        space[8] = UInt8(truncatingIfNeeded: self.stream)
    }
}
