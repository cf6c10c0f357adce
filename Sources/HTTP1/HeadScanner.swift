// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Finds the end of a head in bytes that arrive in pieces, looking at each byte once, and refuses lines that do not end in CRLF.
struct HeadScanner {
    /// Bytes from the reader index that are known not to hold the end.
    private var scanned = 0
    private var lineStart = 0
    private var lines = 0

    /// The length of the head including its empty line; nil if more bytes are needed. Resets itself when found.
    mutating func scan(_ buffer: ByteBuffer, limits: HTTP1Limits) throws(HTTP1Error) -> Int? {
        let found = buffer.withUnsafeReadableBytes { bytes -> Result<Int?, HTTP1Error> in
            while let feed = Self.lineFeed(in: bytes, from: self.scanned) {
                guard feed > 0, bytes[feed - 1] == 0x0D else { return .failure(HTTP1Error(.bareLineFeed)) }
                let isEmpty = feed - 1 == self.lineStart
                self.scanned = feed + 1
                self.lineStart = feed + 1
                if isEmpty { return .success(feed + 1) }
                self.lines += 1
                if self.lines > limits.headerCount + 1 { return .failure(HTTP1Error(.tooManyHeaders)) }
            }
            self.scanned = bytes.count
            return .success(nil)
        }
        if let end = try found.get() {
            guard end <= limits.headBytes else { throw HTTP1Error(.headTooLarge) }
            self = HeadScanner()
            return end
        }
        if self.lines == 0, self.scanned > limits.targetLength + 64 { throw HTTP1Error(.targetTooLong) }
        if self.scanned > limits.headBytes { throw HTTP1Error(.headTooLarge) }
        return nil
    }

    @inline(__always)
    private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let found = ByteSearch.first(in: bytes, from: start, { ByteSearch.equal($0, 0x0A) }, orOne: { $0 == 0x0A })
        return found < bytes.count ? found : nil
    }
}
