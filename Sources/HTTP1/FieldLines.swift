// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Parses the field lines of a head or of trailers (RFC 9112 5), strictly: tokens, a colon right behind, no folding, no control
/// characters.
enum FieldLines {
    /// - Parameters:
    ///   - head: Ends in the empty line; every line ends in CRLF.
    ///   - start: Where the first field line begins.
    static func parse(_ head: ByteBuffer, from start: Int, limits: HTTP1Limits) throws(HTTP1Error) -> HeaderBlock {
        let result = head.withUnsafeReadableBytes { bytes -> Result<HeaderBlock, HTTP1Error> in
            var storage = HeaderStorage.make(head)
            var count = 0
            var position = start
            while position < bytes.count {
                if bytes[position] == 0x0D {
                    guard position + 2 == bytes.count else { return .failure(HTTP1Error(.bareCarriageReturn)) }
                    return .success(HeaderBlock(storage))
                }
                guard count < limits.headerCount else { return .failure(HTTP1Error(.tooManyHeaders)) }
                switch Self.line(bytes, at: position) {
                case .failure(let error): return .failure(error)
                case .success(let field):
                    if !storage.hasRoom(fields: 1, edits: 0) {
                        storage = HeaderStorage.copy(of: storage, fields: 1, edits: 0)
                    }
                    storage.append(field)
                    count += 1
                    position = Int(field.end)
                }
            }
            return .failure(HTTP1Error(.bareLineFeed))
        }
        return try result.get()
    }

    private static func line(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Result<HeaderBlock.Field, HTTP1Error> {
        let count = bytes.count
        var position = ASCII.endOfToken(bytes, from: start)
        guard position < count, bytes[position] == 0x3A, position > start else {
            guard position < count else { return .failure(HTTP1Error(.invalidHeaderName)) }
            let blank = bytes[position] == 0x20 || bytes[position] == 0x09
            return .failure(HTTP1Error(!blank ? .invalidHeaderName : position == start ? .foldedLine : .spaceBeforeColon))
        }
        let nameLength = position - start
        position += 1
        while position < count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        let valueStart = position
        position = ASCII.endOfFieldValue(bytes, from: position)
        guard position + 1 < count, bytes[position] == 0x0D else { return .failure(HTTP1Error(.invalidHeaderValue)) }
        guard bytes[position + 1] == 0x0A else { return .failure(HTTP1Error(.bareCarriageReturn)) }
        let before = valueStart - start - nameLength
        let isUsual = before == 1 || (before == 2 && bytes[valueStart - 1] == 0x20)
        var valueEnd = position
        while valueEnd > valueStart, bytes[valueEnd - 1] == 0x20 || bytes[valueEnd - 1] == 0x09 { valueEnd -= 1 }
        guard let end = UInt32(exactly: position + 2), let length = UInt16(exactly: nameLength) else {
            return .failure(HTTP1Error(.headTooLarge))
        }
        return .success(
            HeaderBlock.Field(
                start: UInt32(truncatingIfNeeded: start), valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueEnd: UInt32(truncatingIfNeeded: valueEnd), end: end, nameLength: length,
                known: KnownHeader(name: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + nameLength)])),
                origin: isUsual && valueEnd == position ? .received : .ragged))
    }
}
