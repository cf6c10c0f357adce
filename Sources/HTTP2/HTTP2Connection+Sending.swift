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
    package func sendRequest(
        _ head: RequestHead, scheme: StaticString, endStream: Bool, protocolName: TextSlice? = nil
    ) -> UInt32? {
        guard self.canOpenStream else { return nil }
        let id = self.nextOwnStream
        self.nextOwnStream += 2
        let stream = HTTP2StreamState(id: id, sendWindow: self.peer.initialWindow, receiveWindow: self.limits.streamWindow)
        stream.method = head.method
        if endStream { stream.localEnd = .sent }
        self.streams.insert(stream, for: id)
        let method = protocolName == nil ? head.method : .connect
        let line = head.pathAndQuery.count + head.authority.count + (protocolName?.count ?? 0) + 128
        self.writeHeaders(id, endStream: endStream, room: line + HPACKEncoder.room(for: head.headers)) { block in
            switch method {
            case .get: block.indexed(2)
            case .post: block.indexed(3)
            default: method.withName { block.field(nameIndex: 2, value: $0) }
            }
            if method != .connect || protocolName != nil {
                block.indexed(scheme.utf8CodeUnitCount == 5 ? 7 : 6)
                head.pathAndQuery.withBytes { block.field(nameIndex: 4, value: $0) }
            }
            protocolName?.withBytes { block.field(name: ":protocol", value: $0) }
            if !head.authority.isEmpty { head.authority.withBytes { block.field(nameIndex: 1, value: $0) } }
            block.fields(head.headers)
        }
        return id
    }

    /// - Parameter stopsPeer: As for `sendEnd`; only with `endStream`.
    package func sendResponse(_ head: ResponseHead, on id: UInt32, endStream: Bool, stopsPeer: Bool = false) {
        guard let stream = self.streams[id], !stream.isLocalClosed else { return }
        stream.stopsPeer = stopsPeer
        stream.hasLocalHead = true
        if endStream { stream.localEnd = .sent }
        self.writeHeaders(id, endStream: endStream, room: 32 + HPACKEncoder.room(for: head.headers)) { block in
            if let index = StaticTable.index(ofStatus: head.status) {
                block.indexed(index)
            } else {
                var digits = String(head.status)
                digits.withUTF8 { block.field(nameIndex: 8, value: UnsafeRawBufferPointer($0)) }
            }
            block.fields(head.headers)
        }
        if endStream { self.forgetIfOver(stream) }
    }

    /// - Parameter room: What `encode` writes at most.
    private func writeHeaders(_ id: UInt32, endStream: Bool, room: Int, _ encode: (inout HPACKEncoder) -> Void) {
        self.reserveOutput()
        let most = self.peer.maxFrameSize
        let lowersTable = self.peer.lowersTable
        self.peer.lowersTable = false
        var length = 0
        self.outputTail.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.byteCount + room + 1) { space in
            var encoder = HPACKEncoder(UnsafeMutableRawBufferPointer(rebasing: space[FrameHeader.byteCount...]))
            if lowersTable { encoder.emptyTable() }
            encode(&encoder)
            length = encoder.count
            var flags: FrameFlags = endStream ? [.endStream] : []
            if length <= most { flags.insert(.endHeaders) }
            FrameHeader(length: min(length, most), type: .headers, flags: flags, stream: id).store(in: space)
            return FrameHeader.byteCount + length
        }
        if length > most { self.splitHeaders(id, length: length, most: most) }
    }

    /// Rare: the block, which is the end of the output, is longer than one frame.
    private func splitHeaders(_ id: UInt32, length: Int, most: Int) {
        let end = self.outputTail.writerIndex
        guard let tail = self.outputTail.getSlice(at: end - length + most, length: length - most) else { return }
        var rest = ByteBuffer(buffer: tail)
        self.outputTail.moveWriterIndex(to: end - length + most)
        while let part = rest.readSlice(length: min(rest.readableBytes, most)), part.readableBytes > 0 {
            FrameHeader(
                length: part.readableBytes, type: .continuation, flags: rest.readableBytes == 0 ? .endHeaders : [], stream: id
            ).write(into: &self.outputTail)
            self.outputTail.writeImmutableBuffer(part)
        }
    }

    // MARK: Bodies

    /// Takes a part of the body; it is written as windows and the socket allow. What has to wait is told of by `drained`.
    package func sendData(_ data: ByteBuffer, on id: UInt32) {
        guard data.readableBytes > 0, let stream = self.streams[id], stream.isLocalOpen else { return }
        if stream.pending.bytes == 0, self.takesData, self.queue.isEmpty,
            data.readableBytes <= min(stream.sendWindow, self.sendWindow, self.peer.maxFrameSize)
        {
            return self.writeData(data, stream, ends: false)
        }
        stream.pending.append(data)
        self.enqueue(stream)
        self.writeQueued()
    }

    /// The message ends after what is queued.
    ///
    /// - Parameter stopsPeer: Whether a request that is still being sent has lost its meaning: the client is then asked to stop
    ///   (RFC 9113 8.1).
    package func sendEnd(_ trailers: HeaderBlock?, on id: UInt32, stopsPeer: Bool = false) {
        guard let stream = self.streams[id], stream.isLocalOpen else { return }
        stream.stopsPeer = stopsPeer
        stream.localEnd = trailers.map { .atTrailers($0) } ?? .atData
        if stream.pending.bytes == 0 { self.writeEnd(stream) }
    }

    package func reset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        guard self.streams.remove(id) != nil else { return }
        self.writeReset(id, code)
    }

    /// Whether the socket takes bodies; what is queued goes out when it does again.
    package func setTakesData(_ takes: Bool) {
        self.takesData = takes
        if takes { self.writeQueued() }
    }

    func enqueue(_ stream: HTTP2StreamState) {
        guard !stream.isQueued, stream.pending.bytes > 0, stream.sendWindow > 0 else { return }
        stream.isQueued = true
        self.queue.append(stream.id)
    }

    /// Writes what waits, a frame of each stream in turn, as far as the connection's window and the socket go.
    func writeQueued() {
        while self.takesData, self.sendWindow > 0, let id = self.queue.popFirst() {
            guard let stream = self.streams[id] else { continue }
            stream.isQueued = false
            self.writePending(stream)
            if stream.pending.bytes == 0 {
                self.events.append(.drained(stream: id))
                if stream.isLocalClosed { self.forgetIfOver(stream) } else { self.writeEnd(stream) }
            } else {
                self.enqueue(stream)
            }
        }
    }

    private func writePending(_ stream: HTTP2StreamState) {
        let room = min(stream.sendWindow, self.sendWindow, self.peer.maxFrameSize)
        guard room > 0, let part = stream.pending.take(room) else { return }
        var ends = false
        if stream.pending.bytes == 0, case .atData = stream.localEnd { ends = true }
        self.writeData(part, stream, ends: ends)
    }

    /// One frame, for which there is room in all windows.
    private func writeData(_ part: ByteBuffer, _ stream: HTTP2StreamState, ends: Bool) {
        let count = part.readableBytes
        self.dataFrames += 1
        stream.sendWindow -= count
        self.sendWindow -= count
        if ends { stream.localEnd = .sent }
        self.reserveOutput()
        self.lastData = (stream.id, self.outputTail.writerIndex + FrameHeader.flagsOffset)
        FrameHeader(length: count, type: .data, flags: ends ? .endStream : [], stream: stream.id).write(into: &self.outputTail)
        guard count > Self.copyLimit else {
            self.outputTail.writeImmutableBuffer(part)
            return
        }
        self.lastData = nil
        self.output.append(self.outputTail)
        self.outputTail = ByteBuffer()
        self.output.append(part)
    }

    /// Nothing is pending: ends the message if it is to end.
    private func writeEnd(_ stream: HTTP2StreamState) {
        switch stream.localEnd {
        case .open, .sent: return
        case .atData:
            // The frame with the last bytes has not left: it says the end too.
            if let last = self.lastData, last.stream == stream.id {
                self.outputTail.setInteger(FrameFlags.endStream.rawValue, at: last.flags)
                self.lastData = nil
            } else {
                self.reserveOutput()
                FrameHeader(length: 0, type: .data, flags: .endStream, stream: stream.id).write(into: &self.outputTail)
            }
        case .atTrailers(let trailers):
            self.writeHeaders(stream.id, endStream: true, room: HPACKEncoder.room(for: trailers)) { $0.fields(trailers) }
        }
        stream.localEnd = .sent
        self.forgetIfOver(stream)
    }

    func writeReset(_ id: UInt32, _ code: HTTP2ErrorCode) {
        self.reserveOutput()
        FrameHeader(length: 4, type: .resetStream, stream: id).write(into: &self.outputTail)
        self.outputTail.writeInteger(code.rawValue)
    }

    func forgetIfOver(_ stream: HTTP2StreamState) {
        guard stream.isLocalClosed, stream.pending.bytes == 0, stream.isRemoteClosed || stream.stopsPeer else { return }
        self.streams.remove(stream.id)
        if !stream.isRemoteClosed { self.writeReset(stream.id, .noError) }
    }

    // MARK: Windows

    /// `cost` of data events has been passed on. Updates are sent once half a window has been used up.
    package func consumed(_ cost: Int, on id: UInt32) {
        self.give(cost)
        guard let stream = self.streams[id], !stream.isRemoteClosed else { return }
        stream.credit += cost
        guard stream.credit * 2 >= self.limits.streamWindow else { return }
        self.writeWindowUpdate(stream: id, UInt32(clamping: stream.credit))
        stream.receiveWindow += stream.credit
        stream.credit = 0
    }

    /// Gives `cost` back to the connection's window alone.
    func give(_ cost: Int) {
        self.credit += cost
        guard self.credit * 2 >= self.limits.connectionWindow else { return }
        self.writeWindowUpdate(stream: 0, UInt32(clamping: self.credit))
        self.receiveWindow += self.credit
        self.credit = 0
    }
}
