// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Writes heads and bodies. Lines that nobody edited are copied in runs, without looking at them again.
package enum HeadWriter {
    /// How the body that follows is delimited. A `content-length` field is taken from the head itself.
    package enum Framing: Sendable, Hashable {
        case none
        /// A request that has no body, of a method that is used to one (RFC 9110 8.6).
        case empty
        case contentLength
        case chunked
        case untilClose
    }

    /// Writes in origin form (authority form for CONNECT), always as HTTP/1.1.
    package static func write(_ head: RequestHead, framing: Framing, into buffer: inout ByteBuffer) {
        if head.method.isConnect {
            head.authority.withBytes { Self.writeRequestLine(head.method, $0, into: &buffer) }
        } else {
            head.pathAndQuery.withBytes { Self.writeRequestLine(head.method, $0, into: &buffer) }
        }
        Self.write(head.headers, into: &buffer)
        switch framing {
        case .chunked: buffer.writeStaticString("transfer-encoding: chunked\r\n")
        case .empty: buffer.writeStaticString("content-length: 0\r\n")
        case .none, .contentLength, .untilClose: break
        }
        buffer.writeStaticString("\r\n")
    }

    private static func writeRequestLine(
        _ method: HTTPMethod, _ target: UnsafeRawBufferPointer, into buffer: inout ByteBuffer
    ) {
        method.withName { name in
            let length = name.count + target.count + 12
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
                bytes.copyMemory(from: name)
                bytes[name.count] = 0x20
                UnsafeMutableRawBufferPointer(rebasing: bytes[(name.count + 1)...]).copyMemory(from: target)
                let end: StaticString = " HTTP/1.1\r\n"
                UnsafeMutableRawBufferPointer(rebasing: bytes[(length - 11)...]).copyMemory(
                    from: UnsafeRawBufferPointer(start: end.utf8Start, count: 11))
                return length
            }
        }
    }

    /// Writes with the sender's own version and the standard phrase, and with the `connection` option given, if any.
    package static func write(
        _ head: ResponseHead, version: HTTPVersion = .http11, framing: Framing, connection: StaticString?,
        into buffer: inout ByteBuffer
    ) {
        if head.status == 200, !version.isHTTP10 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeStaticString(version.isHTTP10 ? "HTTP/1.0 " : "HTTP/1.1 ")
            DecimalText.write(UInt64(head.status), into: &buffer)
            buffer.writeInteger(UInt8(0x20))
            buffer.writeString(StatusPhrase.phrase(head.status))
            buffer.writeStaticString("\r\n")
        }
        Self.write(head.headers, into: &buffer)
        if case .chunked = framing { buffer.writeStaticString("transfer-encoding: chunked\r\n") }
        if let connection {
            buffer.writeStaticString("connection: ")
            buffer.writeStaticString(connection)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    /// The field lines alone.
    package static func write(_ headers: HeaderBlock, into buffer: inout ByteBuffer) {
        headers.withView { view in
            var index = 0
            while index < view.fields.count {
                let first = view.fields[index]
                var end = first.end
                index += 1
                guard first.origin != .ragged else {
                    Self.writeAnew(first, view, into: &buffer)
                    continue
                }
                while index < view.fields.count, view.fields[index].start == end, view.fields[index].origin == first.origin {
                    end = view.fields[index].end
                    index += 1
                }
                buffer.writeBytes(view.bytes(first, from: Int(first.start), to: Int(end)))
            }
        }
    }

    private static func writeAnew(_ field: HeaderBlock.Field, _ view: HeaderView, into buffer: inout ByteBuffer) {
        buffer.writeBytes(view.name(of: field))
        buffer.writeStaticString(": ")
        buffer.writeBytes(view.value(of: field))
        buffer.writeStaticString("\r\n")
    }

    /// One chunk's size line; the data and a CRLF follow.
    package static func writeChunkStart(_ size: Int, into buffer: inout ByteBuffer) {
        buffer.writeString(String(size, radix: 16))
        buffer.writeStaticString("\r\n")
    }

    package static func writeLastChunk(trailers: HeaderBlock?, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("0\r\n")
        if let trailers { Self.write(trailers, into: &buffer) }
        buffer.writeStaticString("\r\n")
    }
}
