// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Decodes the chunked coding (RFC 9112 7.1). Extensions are read past and never forwarded.
package struct ChunkedBody: Sendable {
    private enum State: Sendable {
        case size
        case data(Int)
        case dataEnd
        case trailers
        case ended
    }

    private let limits: HTTP1Limits
    private var state = State.size
    private var scanner = HeadScanner()

    package init(limits: HTTP1Limits = HTTP1Limits()) { self.limits = limits }

    package enum Event: Sendable {
        case data(ByteBuffer)
        case end(trailers: HeaderBlock?)
    }

    /// nil if more bytes are needed.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Event? {
        while true {
            switch self.state {
            case .size:
                guard let size = try self.sizeLine(&buffer) else { return nil }
                self.state = size == 0 ? .trailers : .data(size)
            case .data(let remaining):
                guard let part = buffer.readSlice(length: min(remaining, buffer.readableBytes)), part.readableBytes > 0 else {
                    return nil
                }
                self.state = part.readableBytes == remaining ? .dataEnd : .data(remaining - part.readableBytes)
                return .data(part)
            case .dataEnd:
                guard buffer.readableBytes >= 2 else { return nil }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { throw HTTP1Error(.invalidChunkEnd) }
                self.state = .size
            case .trailers:
                return try self.trailers(&buffer)
            case .ended:
                return nil
            }
        }
    }

    private mutating func sizeLine(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Int? {
        let limit = self.limits.chunkLineBytes
        let result = buffer.withUnsafeReadableBytes { bytes in Self.size(in: bytes, limit: limit) }
        guard let line = try result.get() else { return nil }
        buffer.moveReaderIndex(forwardBy: line.length)
        return line.size
    }

    /// `1*HEXDIG [;extension] CRLF`, of at most fifteen digits.
    private static func size(
        in bytes: UnsafeRawBufferPointer, limit: Int
    ) -> Result<(size: Int, length: Int)?, HTTP1Error> {
        var size = 0
        var position = 0
        while position < bytes.count, let digit = Self.hexadecimal(bytes[position]) {
            guard position < 15 else { return .failure(HTTP1Error(.invalidChunkSize)) }
            size = size << 4 | digit
            position += 1
        }
        guard position < bytes.count else { return .success(nil) }
        guard position > 0, bytes[position] == 0x3B || bytes[position] == 0x0D else {
            return .failure(HTTP1Error(.invalidChunkSize))
        }
        while position < bytes.count, ASCII.isFieldValue(bytes[position]) {
            guard position < limit else { return .failure(HTTP1Error(.chunkLineTooLong)) }
            position += 1
        }
        guard position < bytes.count else { return .success(nil) }
        guard bytes[position] == 0x0D else { return .failure(HTTP1Error(.invalidChunkSize)) }
        guard position + 1 < bytes.count else { return .success(nil) }
        guard bytes[position + 1] == 0x0A else { return .failure(HTTP1Error(.invalidChunkSize)) }
        return .success((size, position + 2))
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x37
        case 0x61...0x66: Int(byte) - 0x57
        default: nil
        }
    }

    private mutating func trailers(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Event? {
        guard buffer.readableBytes > 0 else { return nil }
        var limits = self.limits
        limits.headBytes = limits.trailerBytes
        limits.targetLength = limits.trailerBytes
        let length: Int?
        do { length = try self.scanner.scan(buffer, limits: limits) } catch {
            throw error.code == .bareLineFeed ? error : HTTP1Error(.trailersTooLarge)
        }
        guard let length, let block = buffer.readSlice(length: length) else { return nil }
        self.state = .ended
        guard length > 2 else { return .end(trailers: nil) }
        var trailers = try FieldLines.parse(block, from: 0, limits: limits)
        trailers.removeForbiddenInTrailers()
        return .end(trailers: trailers.isEmpty ? nil : trailers)
    }
}
