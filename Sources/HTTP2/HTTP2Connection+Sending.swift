// SPDX-License-Identifier: Apache-2.0
import DequeModule
package import HTTP1
package import NIOCore

/// Messages that leave.
extension HTTP2Connection {
    /// Smaller parts of bodies are copied behind their frame header; larger ones go out as they are.
    private static let copyLimit = 4096

    // MARK: Heads

    /// Opens a stream with a request. Ask `canOpenStream` before; nil where it cannot.
    ///
    /// - Parameter protocolName: For an extended CONNECT; `head.method` is then ignored.
    package mutating func sendRequest(
        _ head: RequestHead, scheme: StaticString, endStream: Bool, protocolName: TextSlice? = nil
    ) -> UInt32? {
        guard self.canOpenStream else { return nil }
        let id = self.nextOwnStream
        self.nextOwnStream += 2
        var stream = HTTP2StreamState(sendWindow: self.peer.initialWindow, receiveWindow: self.limits.streamWindow)
        stream.method = head.method
        if endStream { stream.localEnd = .sent }
        self.streams[id] = stream
        let method = protocolName == nil ? head.method : .connect
        self.writeHeaders(id, endStream: endStream) { block in
            switch method {
            case .get: HPACKEncoder.indexed(2, into: &block)
            case .post: HPACKEncoder.indexed(3, into: &block)
            default: HPACKEncoder.field(nameIndex: 2, value: TextSlice(method.name), into: &block)
            }
            if method != .connect || protocolName != nil {
                HPACKEncoder.indexed(scheme.utf8CodeUnitCount == 5 ? 7 : 6, into: &block)
                HPACKEncoder.field(nameIndex: 4, value: head.pathAndQuery, into: &block)
            }
            if let protocolName { HPACKEncoder.field(name: ":protocol", value: protocolName, into: &block) }
            if !head.authority.isEmpty { HPACKEncoder.field(nameIndex: 1, value: head.authority, into: &block) }
            HPACKEncoder.fields(head.headers, into: &block)
        }
        return id
    }

    /// - Parameter stopsPeer: As for `sendEnd`; only with `endStream`.
    package mutating func sendResponse(_ head: ResponseHead, on id: UInt32, endStream: Bool, stopsPeer: Bool = false) {
        guard let stream = self.streams[id], !stream.isLocalClosed else { return }
        self.streams[id]?.stopsPeer = stopsPeer
        self.streams[id]?.hasLocalHead = true
        if endStream { self.streams[id]?.localEnd = .sent }
        self.writeHeaders(id, endStream: endStream) { block in
            if let index = StaticTable.index(ofStatus: head.status) {
                HPACKEncoder.indexed(index, into: &block)
            } else {
                HPACKEncoder.field(nameIndex: 8, value: TextSlice(String(head.status)), into: &block)
            }
            HPACKEncoder.fields(head.headers, into: &block)
        }
        if endStream { self.forgetIfOver(id) }
    }

    private mutating func writeHeaders(_ id: UInt32, endStream: Bool, _ encode: (inout ByteBuffer) -> Void) {
        let start = self.outputTail.writerIndex
        FrameHeader(length: 0, type: .headers, stream: id).write(into: &self.outputTail)
        encode(&self.outputTail)
        let length = self.outputTail.writerIndex - start - FrameHeader.byteCount
        let first = min(length, self.peer.maxFrameSize)
        var flags: FrameFlags = endStream ? [.endStream] : []
        if first == length { flags.insert(.endHeaders) }
        var header = ByteBuffer()
        FrameHeader(length: first, type: .headers, flags: flags, stream: id).write(into: &header)
        self.outputTail.setBuffer(header, at: start)
        guard first < length else { return }
        // Rare: the block is longer than one frame.
        var rest = ByteBuffer()
        if let tail = self.outputTail.getSlice(at: start + FrameHeader.byteCount + first, length: length - first) {
            rest = ByteBuffer(buffer: tail)
        }
        self.outputTail.moveWriterIndex(to: start + FrameHeader.byteCount + first)
        while let part = rest.readSlice(length: min(rest.readableBytes, self.peer.maxFrameSize)), part.readableBytes > 0 {
            FrameHeader(
                length: part.readableBytes, type: .continuation, flags: rest.readableBytes == 0 ? .endHeaders : [], stream: id
            ).write(into: &self.outputTail)
            self.outputTail.writeImmutableBuffer(part)
        }
    }

    // MARK: Bodies

    /// Queues a part of the body; it is written as windows and the socket allow.
    package mutating func sendData(_ data: ByteBuffer, on id: UInt32) {
        guard data.readableBytes > 0, var stream = self.streams[id], case .open = stream.localEnd else { return }
        stream.pending.append(data)
        self.streams[id] = stream
        self.enqueue(id)
        self.writeQueued()
    }

    /// The message ends after what is queued.
    ///
    /// - Parameter stopsPeer: Whether a request that is still being sent has lost its meaning: the client is then asked to stop
    ///   (RFC 9113 8.1).
    package mutating func sendEnd(_ trailers: HeaderBlock?, on id: UInt32, stopsPeer: Bool = false) {
        guard let stream = self.streams[id], case .open = stream.localEnd else { return }
        self.streams[id]?.stopsPeer = stopsPeer
        self.streams[id]?.localEnd = trailers.map { .atTrailers($0) } ?? .atData
        if stream.pending.bytes == 0 { self.writeEnd(id) }
    }

    package mutating func reset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        guard self.streams.removeValue(forKey: id) != nil else { return }
        self.writeReset(id, code)
    }

    /// Whether the socket takes bodies; what is queued goes out when it does again.
    package mutating func setTakesData(_ takes: Bool) {
        self.takesData = takes
        if takes { self.writeQueued() }
    }

    mutating func enqueue(_ id: UInt32) {
        guard let stream = self.streams[id], !stream.isQueued, stream.pending.bytes > 0, stream.sendWindow > 0 else { return }
        self.streams[id]?.isQueued = true
        self.queue.append(id)
    }

    /// Writes what waits, a frame of each stream in turn, as far as the connection's window and the socket go.
    mutating func writeQueued() {
        while self.takesData, self.sendWindow > 0, let id = self.queue.popFirst() {
            guard var stream = self.streams[id] else { continue }
            stream.isQueued = false
            self.writeFrame(id, &stream)
            self.streams[id] = stream
            if stream.pending.bytes == 0 {
                self.events.append(.drained(stream: id))
                if stream.isLocalClosed { self.forgetIfOver(id) } else { self.writeEnd(id) }
            } else {
                self.enqueue(id)
            }
        }
    }

    private mutating func writeFrame(_ id: UInt32, _ stream: inout HTTP2StreamState) {
        let room = min(stream.sendWindow, self.sendWindow, self.peer.maxFrameSize)
        guard room > 0, let part = stream.pending.take(room) else { return }
        let count = part.readableBytes
        self.dataFrames += 1
        stream.sendWindow -= count
        self.sendWindow -= count
        var flags: FrameFlags = []
        if stream.pending.bytes == 0, case .atData = stream.localEnd {
            flags = .endStream
            stream.localEnd = .sent
        }
        FrameHeader(length: count, type: .data, flags: flags, stream: id).write(into: &self.outputTail)
        guard count > Self.copyLimit else {
            self.outputTail.writeImmutableBuffer(part)
            return
        }
        self.output.append(self.outputTail)
        self.outputTail = ByteBuffer()
        self.output.append(part)
    }

    /// Nothing is pending: ends the message if it is to end.
    private mutating func writeEnd(_ id: UInt32) {
        guard let stream = self.streams[id] else { return }
        switch stream.localEnd {
        case .open, .sent: return
        case .atData: FrameHeader(length: 0, type: .data, flags: .endStream, stream: id).write(into: &self.outputTail)
        case .atTrailers(let trailers):
            self.writeHeaders(id, endStream: true) { HPACKEncoder.fields(trailers, into: &$0) }
        }
        self.streams[id]?.localEnd = .sent
        self.forgetIfOver(id)
    }

    mutating func writeReset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        FrameHeader(length: 4, type: .resetStream, stream: id).write(into: &self.outputTail)
        self.outputTail.writeInteger(code.rawValue)
    }

    mutating func forgetIfOver(_ id: UInt32) {
        guard let stream = self.streams[id], stream.isLocalClosed, stream.pending.bytes == 0 else { return }
        guard stream.isRemoteClosed || stream.stopsPeer else { return }
        self.streams[id] = nil
        if !stream.isRemoteClosed { self.writeReset(id, .noError) }
    }

    // MARK: Windows

    /// `cost` of data events has been passed on. Updates are sent once half a window has been used up.
    package mutating func consumed(_ cost: Int, on id: UInt32) {
        self.give(cost)
        guard var stream = self.streams[id], !stream.isRemoteClosed else { return }
        stream.credit += cost
        if stream.credit * 2 >= self.limits.streamWindow {
            self.writeWindowUpdate(stream: id, UInt32(clamping: stream.credit))
            stream.receiveWindow += stream.credit
            stream.credit = 0
        }
        self.streams[id] = stream
    }

    /// Gives `cost` back to the connection's window alone.
    mutating func give(_ cost: Int) {
        self.credit += cost
        guard self.credit * 2 >= self.limits.connectionWindow else { return }
        self.writeWindowUpdate(stream: 0, UInt32(clamping: self.credit))
        self.receiveWindow += self.credit
        self.credit = 0
    }
}
