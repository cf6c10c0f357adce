// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTP1
package import NIOCore

/// One end of an HTTP/2 connection (RFC 9113), without a socket: bytes in, events out; messages in, bytes out.
///
/// The owner feeds `next` with what arrives, writes what `writeOutput` gives, and gives back with `consumed` what it has passed on:
/// only then may the peer send more. Belongs to one event loop. A class, because every use of a large value in another class copies it.
package final class HTTP2Connection {
    /// What a client sends before anything else (RFC 9113 3.4).
    package static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    static let largestWindow = 0x7FFF_FFFF

    package let role: HTTP2Role
    let limits: HTTP2Limits
    var decoder = HPACKDecoder()
    var peer = PeerSettings()
    var streams = StreamTable<HTTP2StreamState>()
    /// The highest stream that the peer has opened, served or not.
    var lastPeerStream: UInt32 = 0
    /// The highest stream that is served: what was said in GOAWAY.
    var lastServedStream: UInt32?
    var nextOwnStream: UInt32 = 1
    var prefaceLeft: Int
    var hasPeerSettings = false
    var hasSentGoAway = false
    var goAwayLast: UInt32?

    // What the peer may send and we may send, over all streams.
    var receiveWindow: Int
    var credit = 0
    var sendWindow = 65_535
    /// Streams with something to send that wait for the connection's window or for the socket.
    var queue: Deque<UInt32> = []
    /// Whether bodies may be written: the socket takes them.
    var takesData = true

    // A head that goes on in CONTINUATION frames.
    var block: (stream: UInt32, endStream: Bool, bytes: ByteBuffer, frames: Int)?

    var meter: IdleFrameMeter
    /// Streams that the frame in hand has made us throw away unanswered.
    var wasted = 0
    /// WINDOW_UPDATE frames received, and DATA frames sent.
    var windowUpdates = 0
    var dataFrames = 0
    var unreadReplies = 0
    var events: Deque<HTTP2Event> = []
    var output: [ByteBuffer] = []
    var outputTail = ByteBuffer()
    /// The last DATA frame in `outputTail`: its flags can still be changed.
    var lastData: (stream: UInt32, flags: Int)?

    package init(role: HTTP2Role, limits: HTTP2Limits = HTTP2Limits()) {
        self.role = role
        self.limits = limits
        self.prefaceLeft = role == .server ? Self.preface.utf8CodeUnitCount : 0
        self.receiveWindow = max(limits.connectionWindow, 65_535)
        self.meter = IdleFrameMeter(burst: limits.idleFrameBurst, perSecond: limits.idleFramesPerSecond)
        self.greet()
    }

    /// Streams that are not over.
    package var openStreams: Int { self.streams.count }

    /// Whether a client may begin a stream now.
    package var canOpenStream: Bool {
        self.role == .client && self.goAwayLast == nil && !self.hasSentGoAway && self.nextOwnStream < 0x7FFF_FFFF
            && self.streams.count < self.peer.concurrentStreams
    }

    /// No stream will ever be opened again.
    package var isClosing: Bool { self.goAwayLast != nil || self.hasSentGoAway || self.nextOwnStream >= 0x7FFF_FFFF }

    /// Whether a head has begun, in frames or in `buffer`, and has not ended.
    package func isInHead(_ buffer: ByteBuffer) -> Bool {
        guard self.block == nil else { return true }
        guard let type: UInt8 = buffer.getInteger(at: buffer.readerIndex + 3) else { return false }
        return self.hasPeerSettings && type == FrameType.headers.rawValue
    }

    /// How many streams the peer lets a client have at once.
    package var peerStreamLimit: Int { self.peer.concurrentStreams }

    /// Whether the peer has said what it allows.
    package var knowsPeer: Bool { self.hasPeerSettings }

    /// Whether the peer takes WebSockets and the like (RFC 8441).
    package var acceptsExtendedConnect: Bool { self.peer.acceptsExtendedConnect }

    /// Nothing is waiting to be sent on the stream.
    package func isDrained(_ stream: UInt32) -> Bool { (self.streams[stream]?.pending.bytes ?? 0) == 0 }

    package func isOpen(_ stream: UInt32) -> Bool { self.streams[stream] != nil }

    /// The next event out of `buffer`, whose bytes are taken as far as whole frames reach; nil: more bytes are needed.
    ///
    /// After an error GOAWAY stands in the output and nothing more is to be read.
    package func next(_ buffer: inout ByteBuffer, now: NIODeadline) throws(HTTP2Error) -> HTTP2Event? {
        do {
            while self.events.isEmpty {
                guard try self.readFrame(&buffer, now: now) else { return nil }
            }
            return self.events.popFirst()
        } catch {
            self.goAway(error.code)
            throw error
        }
    }

    // MARK: Output

    /// Whether something is to be written.
    package var hasOutput: Bool { self.outputTail.readableBytes > 0 || !self.output.isEmpty }

    /// Gives `write` what is to be written, in order. Afterwards, when it has left, the memory is used again.
    package func writeOutput(_ write: (ByteBuffer) -> Void, flush: () -> Void) {
        self.lastData = nil
        guard self.hasOutput else { return }
        let parts = self.output
        self.output = []
        for part in parts { write(part) }
        if self.outputTail.readableBytes > 0 { write(self.outputTail) }
        self.outputTail.moveReaderIndex(to: self.outputTail.writerIndex)
        flush()
        // Flushing may have led to more. A connection at rest holds no memory.
        guard self.outputTail.readableBytes == 0 else { return }
        if self.streams.isEmpty || self.outputTail.capacity > Self.keptOutput {
            self.outputTail = ByteBuffer()
        } else {
            self.outputTail.clear()
        }
    }

    /// So that frames do not make the memory grow by little steps.
    func reserveOutput() {
        if self.outputTail.capacity == 0 { self.outputTail.reserveCapacity(Self.firstOutput) }
    }

    private static let firstOutput = 4096
    private static let keptOutput = 64 << 10

    /// All that was taken has reached the socket.
    package func outputWritten() { self.unreadReplies = 0 }

    private func greet() {
        self.reserveOutput()
        if self.role == .client { self.outputTail.writeStaticString(Self.preface) }
        var settings: [(Setting, UInt32)] = [
            (.initialWindowSize, UInt32(clamping: self.limits.streamWindow)),
            (.maxHeaderListSize, UInt32(clamping: self.limits.headBytes)),
        ]
        switch self.role {
        case .server:
            settings.append((.maxConcurrentStreams, UInt32(clamping: self.limits.concurrentStreams)))
            if self.limits.acceptsExtendedConnect { settings.append((.enableConnectProtocol, 1)) }
        case .client:
            settings.append((.enablePush, 0))
        }
        FrameHeader(length: settings.count * 6, type: .settings, stream: 0).write(into: &self.outputTail)
        for (name, value) in settings { self.outputTail.writeMultipleIntegers(name.rawValue, value) }
        let more = self.receiveWindow - 65_535
        if more > 0 { self.writeWindowUpdate(stream: 0, UInt32(clamping: more)) }
    }

    /// Says that the end is near, without refusing what is on its way (RFC 9113 6.8): `goAway` has to follow.
    package func announceGoAway() {
        guard !self.hasSentGoAway else { return }
        FrameHeader(length: 8, type: .goAway, stream: 0).write(into: &self.outputTail)
        self.outputTail.writeMultipleIntegers(UInt32(Self.largestWindow), HTTP2ErrorCode.noError.rawValue)
    }

    /// Announces the end: the peer's streams up to now are still served, new ones are not.
    package func goAway(_ code: HTTP2ErrorCode) {
        guard !self.hasSentGoAway || code != .noError else { return }
        self.hasSentGoAway = true
        let last = self.lastServedStream ?? self.lastPeerStream
        self.lastServedStream = last
        FrameHeader(length: 8, type: .goAway, stream: 0).write(into: &self.outputTail)
        self.outputTail.writeMultipleIntegers(last, code.rawValue)
    }

    package func ping(_ data: UInt64) {
        FrameHeader(length: 8, type: .ping, stream: 0).write(into: &self.outputTail)
        self.outputTail.writeInteger(data)
    }

    func writeWindowUpdate(stream: UInt32, _ more: UInt32) {
        FrameHeader(length: 4, type: .windowUpdate, stream: stream).write(into: &self.outputTail)
        self.outputTail.writeInteger(more)
    }

    /// Counts a frame that the peer makes us send.
    func countReply() throws(HTTP2Error) {
        self.unreadReplies += 1
        guard self.unreadReplies <= self.limits.unreadReplies else {
            throw HTTP2Error(.enhanceYourCalm, "the peer does not read its replies")
        }
    }
}
