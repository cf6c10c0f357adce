// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Frames that keep a connection alive, or end it.
extension HTTP2Connection {
    func readPing(_ header: FrameHeader, _ payload: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) {
        guard header.stream == 0 else { throw HTTP2Error(.protocolError, "PING on a stream") }
        guard let data: UInt64 = payload.readInteger(), payload.readableBytes == 0 else {
            throw HTTP2Error(.frameSizeError, "PING of \(header.length) bytes")
        }
        // An answer to one of ours too: those are few.
        try self.countIdle(now)
        guard !header.flags.contains(.acknowledgement) else { return self.events.append(.pong) }
        try self.countReply()
        FrameHeader(length: 8, type: .ping, flags: .acknowledgement, stream: 0).write(into: &self.outputTail)
        self.outputTail.writeInteger(data)
    }

    func readGoAway(_ header: FrameHeader, _ payload: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) {
        guard header.stream == 0 else { throw HTTP2Error(.protocolError, "GOAWAY on a stream") }
        guard let last: UInt32 = payload.readInteger(), let code: UInt32 = payload.readInteger() else {
            throw HTTP2Error(.frameSizeError, "GOAWAY of \(header.length) bytes")
        }
        if self.goAwayLast != nil { try self.countIdle(now) }
        let limit = min(last & 0x7FFF_FFFF, self.goAwayLast ?? .max)
        self.goAwayLast = limit
        self.events.append(.goAway(last: limit, HTTP2ErrorCode(rawValue: code)))
        guard self.role == .client else { return }
        // What the peer will not look at may be sent again elsewhere (RFC 9113 6.8).
        for stream in Array(self.streams.all) where stream.id > limit {
            self.streams.remove(stream.id)
            self.events.append(.reset(stream: stream.id, .refusedStream))
        }
    }
}
