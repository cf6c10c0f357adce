// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTP1
import NIOCore

/// Frames that arrive.
extension HTTP2Connection {
    /// The largest frame that we take: the value of RFC 9113 6.5.2, which we do not change.
    private static let maxFrameSize = 16_384

    /// False if more bytes are needed.
    func readFrame(_ buffer: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) -> Bool {
        guard try self.readPreface(&buffer) else { return false }
        guard let header = FrameHeader(peeking: buffer) else { return false }
        guard self.hasPeerSettings || FrameType(rawValue: header.type) == .settings else {
            throw HTTP2Error(.protocolError, "the first frame is not SETTINGS")
        }
        guard header.length <= Self.maxFrameSize else { throw HTTP2Error(.frameSizeError, "a frame of \(header.length) bytes") }
        guard buffer.readableBytes >= FrameHeader.byteCount + header.length else { return false }
        buffer.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        guard var payload = buffer.readSlice(length: header.length) else { return false }
        if let block = self.block, header.type != FrameType.continuation.rawValue || header.stream != block.stream {
            throw HTTP2Error(.protocolError, "a head is not continued")
        }
        self.wasted = 0
        let type = FrameType(rawValue: header.type)
        switch type {
        case .data: try self.readData(header, &payload, now: now)
        case .headers: try self.readHeaders(header, &payload)
        case .priority: try self.readPriority(header, now: now)
        case .resetStream: try self.readReset(header, &payload, now: now)
        case .settings: try self.readSettings(header, &payload, now: now)
        case .pushPromise: throw HTTP2Error(.protocolError, "PUSH_PROMISE was not allowed")
        case .ping: try self.readPing(header, &payload, now: now)
        case .goAway: try self.readGoAway(header, &payload, now: now)
        case .windowUpdate: try self.readWindowUpdate(header, &payload)
        case .continuation: try self.readContinuation(header, &payload)
        case nil: try self.countIdle(now)
        }
        if self.wasted > 0 { try self.countIdle(now) }
        return true
    }

    private func readPreface(_ buffer: inout ByteBuffer) throws(HTTP2Error) -> Bool {
        guard self.prefaceLeft > 0 else { return true }
        let whole = Self.preface.utf8CodeUnitCount
        let count = min(self.prefaceLeft, buffer.readableBytes)
        let offset = whole - self.prefaceLeft
        let fits = buffer.withUnsafeReadableBytes { bytes in
            (0..<count).allSatisfy { bytes[$0] == Self.preface.utf8Start[offset + $0] }
        }
        guard fits else { throw HTTP2Error(.protocolError, "no HTTP/2 preface") }
        buffer.moveReaderIndex(forwardBy: count)
        self.prefaceLeft -= count
        return self.prefaceLeft == 0
    }

    func countIdle(_ now: NIODeadline) throws(HTTP2Error) {
        guard self.meter.count(at: now) else { throw HTTP2Error(.enhanceYourCalm, "too many frames that carry nothing") }
    }

    /// As Envoy: at most ten for each frame of data that we have sent, and a few for each stream.
    private func countWindowUpdate() throws(HTTP2Error) {
        self.windowUpdates += 1
        let streams = Int(self.lastPeerStream) + Int(self.nextOwnStream)
        guard self.windowUpdates <= 5 + 2 * streams + 10 * self.dataFrames else {
            throw HTTP2Error(.enhanceYourCalm, "too many WINDOW_UPDATE frames")
        }
    }

    // MARK: Streams

    /// A stream that was never opened must not be spoken of.
    private func checkNotIdle(_ stream: UInt32, _ what: String) throws(HTTP2Error) {
        guard stream != 0 else { throw HTTP2Error(.protocolError, "\(what) on stream 0") }
        let isPeers = (stream & 1 == 1) == (self.role == .server)
        let isIdle = isPeers ? stream > self.lastPeerStream : stream >= self.nextOwnStream
        guard !isIdle else { throw HTTP2Error(.protocolError, "\(what) on an idle stream") }
    }

    private func unpad(_ header: FrameHeader, _ payload: inout ByteBuffer) throws(HTTP2Error) {
        guard header.flags.contains(.padded) else { return }
        guard let padding: UInt8 = payload.readInteger(), Int(padding) <= payload.readableBytes else {
            throw HTTP2Error(.protocolError, "more padding than frame")
        }
        payload.moveWriterIndex(to: payload.writerIndex - Int(padding))
    }

    private func readHeaders(_ header: FrameHeader, _ payload: inout ByteBuffer) throws(HTTP2Error) {
        guard header.stream != 0 else { throw HTTP2Error(.protocolError, "HEADERS on stream 0") }
        try self.unpad(header, &payload)
        if header.flags.contains(.priority) {
            guard let dependency: UInt32 = payload.readInteger(), payload.readInteger(as: UInt8.self) != nil else {
                throw HTTP2Error(.frameSizeError, "HEADERS without its priority")
            }
            guard dependency & 0x7FFF_FFFF != header.stream else { throw HTTP2Error(.protocolError, "a stream depends on itself") }
        }
        let endStream = header.flags.contains(.endStream)
        if header.flags.contains(.endHeaders) { return try self.finishBlock(header.stream, endStream: endStream, payload) }
        self.block = (header.stream, endStream, ByteBuffer(buffer: payload), 0)
    }

    private func readContinuation(_ header: FrameHeader, _ payload: inout ByteBuffer) throws(HTTP2Error) {
        guard var block = self.block else { throw HTTP2Error(.protocolError, "CONTINUATION without HEADERS") }
        self.block = nil
        block.frames += 1
        guard block.frames <= self.limits.continuations else { throw HTTP2Error(.enhanceYourCalm, "too many CONTINUATION frames") }
        block.bytes.writeBuffer(&payload)
        if header.flags.contains(.endHeaders) { return try self.finishBlock(block.stream, endStream: block.endStream, block.bytes) }
        self.block = block
    }

    /// A whole header block has come. It is decoded whatever becomes of it: the table must stay the peer's.
    private func finishBlock(_ id: UInt32, endStream: Bool, _ block: ByteBuffer) throws(HTTP2Error) {
        let list = try self.decoder.decode(block, limits: self.limits)
        guard let stream = self.streams[id] else {
            guard self.role == .server, id > self.lastPeerStream else {
                // On a stream that we have reset, the peer may not know it yet.
                return try self.checkNotIdle(id, "HEADERS")
            }
            return try self.open(id, list, endStream: endStream)
        }
        guard !stream.isRemoteClosed else { throw HTTP2Error(.streamClosed, "HEADERS after the end of a stream") }
        if stream.hasRemoteHead { return self.trailers(id, list, endStream: endStream) }
        self.response(id, stream, list, endStream: endStream)
    }

    private func open(_ id: UInt32, _ list: FieldList, endStream: Bool) throws(HTTP2Error) {
        guard id & 1 == 1 else { throw HTTP2Error(.protocolError, "a client opened an even stream") }
        // After GOAWAY: the peer has not heard it yet. What else it says on this stream means nothing either, and is no mistake.
        self.lastPeerStream = id
        guard !self.hasSentGoAway else { return }
        guard self.streams.count < self.limits.concurrentStreams else {
            self.wasted += 1
            try self.countReply()
            return self.writeReset(id, .refusedStream)
        }
        let stream = HTTP2StreamState(id: id, sendWindow: self.peer.initialWindow, receiveWindow: self.limits.streamWindow)
        stream.hasRemoteHead = true
        stream.isRemoteClosed = endStream
        if list.isTooLarge, list.fault == nil {
            self.streams.insert(stream, for: id)
            return self.events.append(.oversizedRequest(stream: id))
        }
        do {
            let (head, protocolName) = try RequestMessage.head(list)
            guard protocolName == nil || self.limits.acceptsExtendedConnect else {
                throw RequestMessage.Malformed(why: ":protocol where it was not offered")
            }
            let declared = try FieldRules.contentLength(head.headers)
            if endStream, let declared, declared > 0 { throw RequestMessage.Malformed(why: "content-length without a body") }
            stream.remaining = declared
            self.streams.insert(stream, for: id)
            let length: BodyLength =
                endStream ? .none : declared.map { $0 == 0 ? BodyLength.none : .length($0) } ?? .chunked
            self.events.append(.request(stream: id, head, length, protocolName: protocolName))
            if endStream { self.events.append(.end(stream: id, trailers: nil)) }
        } catch {
            self.wasted += 1
            try self.countReply()
            self.writeReset(id, .protocolError)
        }
    }

    private func response(_ id: UInt32, _ stream: HTTP2StreamState, _ list: FieldList, endStream: Bool) {
        guard !list.isTooLarge else { return self.fail(id, .internalError) }
        do {
            let head = try ResponseMessage.head(list)
            if head.isInterim {
                guard !endStream else { return self.fail(id, .protocolError) }
                return self.events.append(.response(stream: id, head, .none))
            }
            let declared = try FieldRules.contentLength(head.headers)
            let hasNoBody = stream.method == .head || head.status == 204 || head.status == 304
            if endStream, !hasNoBody, let declared, declared > 0 { return self.fail(id, .protocolError) }
            stream.hasRemoteHead = true
            stream.remaining = hasNoBody ? 0 : declared
            let length: BodyLength =
                endStream || hasNoBody ? .none : declared.map { $0 == 0 ? BodyLength.none : .length($0) } ?? .chunked
            self.events.append(.response(stream: id, head, length))
            if endStream { self.remoteEnded(id, trailers: nil) }
        } catch {
            self.fail(id, .protocolError)
        }
    }

    private func trailers(_ id: UInt32, _ list: FieldList, endStream: Bool) {
        var headers = list.finish()
        guard endStream, !list.hasPseudo, list.fault == nil, !list.isTooLarge, (try? FieldRules.check(headers)) != nil else {
            return self.fail(id, .protocolError)
        }
        headers.removeForbiddenInTrailers()
        self.remoteEnded(id, trailers: headers)
    }

    private func readData(_ header: FrameHeader, _ payload: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) {
        try self.checkNotIdle(header.stream, "DATA")
        let cost = payload.readableBytes
        let endStream = header.flags.contains(.endStream)
        guard cost <= self.receiveWindow else { throw HTTP2Error(.flowControlError, "more data than the connection's window") }
        self.receiveWindow -= cost
        try self.unpad(header, &payload)
        if payload.readableBytes == 0, !endStream { try self.countIdle(now) }
        guard let stream = self.streams[header.stream] else { return self.give(cost) }
        guard !stream.isRemoteClosed, stream.hasRemoteHead else {
            throw HTTP2Error(stream.isRemoteClosed ? .streamClosed : .protocolError, "DATA where none may be")
        }
        guard cost <= stream.receiveWindow else {
            self.give(cost)
            return self.fail(header.stream, .flowControlError)
        }
        stream.receiveWindow -= cost
        if let remaining = stream.remaining {
            stream.remaining = remaining - payload.readableBytes
            guard payload.readableBytes <= remaining else {
                self.give(cost)
                return self.fail(header.stream, .protocolError)
            }
        }
        // What padding cost is given back with the data.
        if cost > 0 { self.events.append(.data(stream: header.stream, payload, cost: cost)) }
        if endStream { self.remoteEnded(header.stream, trailers: nil) }
    }

    private func remoteEnded(_ id: UInt32, trailers: HeaderBlock?) {
        guard let stream = self.streams[id] else { return }
        if let remaining = stream.remaining, remaining > 0 { return self.fail(id, .protocolError) }
        stream.isRemoteClosed = true
        self.events.append(.end(stream: id, trailers: trailers))
        self.forgetIfOver(stream)
    }

    /// The stream cannot go on: the peer and our side are told.
    private func fail(_ id: UInt32, _ code: HTTP2ErrorCode) {
        // A client that makes us reset costs the same as one that resets (CVE-2025-8671).
        if self.role == .server, let stream = self.streams[id], !stream.hasLocalHead { self.wasted += 1 }
        self.streams.remove(id)
        self.writeReset(id, code)
        self.events.append(.malformed(stream: id, code))
    }

    private func readReset(_ header: FrameHeader, _ payload: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) {
        guard let code: UInt32 = payload.readInteger(), payload.readableBytes == 0 else {
            throw HTTP2Error(.frameSizeError, "RST_STREAM of \(header.length) bytes")
        }
        try self.checkNotIdle(header.stream, "RST_STREAM")
        let stream = self.streams.remove(header.stream)
        // What we have answered at least in part may be cancelled at will; work that is thrown away unanswered is counted.
        if self.role == .server, !(stream?.hasLocalHead ?? false) { try self.countIdle(now) }
        guard stream != nil else { return }
        self.events.append(.reset(stream: header.stream, HTTP2ErrorCode(rawValue: code)))
    }

    // MARK: Connection

    private func readPriority(_ header: FrameHeader, now: NIODeadline) throws(HTTP2Error) {
        guard header.stream != 0 else { throw HTTP2Error(.protocolError, "PRIORITY on stream 0") }
        guard header.length == 5 else { throw HTTP2Error(.frameSizeError, "PRIORITY of \(header.length) bytes") }
        try self.countIdle(now)
    }

    private func readSettings(_ header: FrameHeader, _ payload: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) {
        guard header.stream == 0 else { throw HTTP2Error(.protocolError, "SETTINGS on a stream") }
        if header.flags.contains(.acknowledgement) {
            guard header.length == 0 else { throw HTTP2Error(.frameSizeError, "SETTINGS ACK with settings") }
            guard self.hasPeerSettings else { throw HTTP2Error(.protocolError, "the first frame is not SETTINGS") }
            return try self.countIdle(now)
        }
        guard header.length % 6 == 0 else { throw HTTP2Error(.frameSizeError, "SETTINGS of \(header.length) bytes") }
        if self.hasPeerSettings { try self.countIdle(now) }
        self.hasPeerSettings = true
        let before = self.peer.initialWindow
        while let name: UInt16 = payload.readInteger(), let value: UInt32 = payload.readInteger() {
            if let setting = Setting(rawValue: name) { try self.peer.apply(setting, value) }
        }
        let change = self.peer.initialWindow - before
        if change != 0 {
            for stream in self.streams.all {
                guard stream.sendWindow + change <= Self.largestWindow else {
                    throw HTTP2Error(.flowControlError, "SETTINGS_INITIAL_WINDOW_SIZE lifts a window beyond its limit")
                }
                stream.sendWindow += change
                self.enqueue(stream)
            }
        }
        try self.countReply()
        FrameHeader(length: 0, type: .settings, flags: .acknowledgement, stream: 0).write(into: &self.outputTail)
        self.events.append(.settings)
        self.writeQueued()
    }

    private func readWindowUpdate(_ header: FrameHeader, _ payload: inout ByteBuffer) throws(HTTP2Error) {
        guard let raw: UInt32 = payload.readInteger(), payload.readableBytes == 0 else {
            throw HTTP2Error(.frameSizeError, "WINDOW_UPDATE of \(header.length) bytes")
        }
        let more = Int(raw & 0x7FFF_FFFF)
        if header.stream == 0 {
            guard more > 0 else { throw HTTP2Error(.protocolError, "WINDOW_UPDATE of 0") }
            try self.countWindowUpdate()
            guard self.sendWindow + more <= Self.largestWindow else {
                throw HTTP2Error(.flowControlError, "the connection's window is beyond its limit")
            }
            self.sendWindow += more
            return self.writeQueued()
        }
        try self.checkNotIdle(header.stream, "WINDOW_UPDATE")
        try self.countWindowUpdate()
        guard let stream = self.streams[header.stream] else { return }
        guard more > 0 else { return self.fail(header.stream, .protocolError) }
        guard stream.sendWindow + more <= Self.largestWindow else { return self.fail(header.stream, .flowControlError) }
        stream.sendWindow += more
        self.enqueue(stream)
        self.writeQueued()
    }
}
