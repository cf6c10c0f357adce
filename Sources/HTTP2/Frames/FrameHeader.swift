// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The nine bytes before each frame (RFC 9113 4.1).
struct FrameHeader {
    static let byteCount = 9

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
        let start = buffer.readerIndex
        guard let high: UInt16 = buffer.getInteger(at: start), let low: UInt8 = buffer.getInteger(at: start + 2),
            let type: UInt8 = buffer.getInteger(at: start + 3), let flags: UInt8 = buffer.getInteger(at: start + 4),
            let stream: UInt32 = buffer.getInteger(at: start + 5)
        else { return nil }
        self.length = Int(high) << 8 | Int(low)
        self.type = type
        self.flags = FrameFlags(rawValue: flags)
        self.stream = stream & 0x7FFF_FFFF
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(
            UInt16(truncatingIfNeeded: self.length >> 8), UInt8(truncatingIfNeeded: self.length), self.type, self.flags.rawValue,
            self.stream)
    }
}
