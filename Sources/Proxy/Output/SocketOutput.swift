// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Sockets

/// Bytes on their way out of one connection.
///
/// What one event produces is gathered and goes out by one system call: straight into the socket where nothing stands between the
/// session and it, else (TLS) through the channel's pipeline.
///
/// Belongs to the connection's event loop.
final class SocketOutput: TurnFlushing {
    /// Data of up to this many bytes is copied behind what is gathered already; more goes out from where it lies.
    private static let copiedBytes = 8 * 1024
    /// The small things: heads, chunk sizes, short bodies. To be written into after `begin()`.
    var buffer = ByteBuffer()
    /// What comes before `buffer`.
    private var pieces: [ByteBuffer] = []
    private let scratch: WriteScratch
    /// Where the connection's bytes are counted.
    let counts: ByteCounts
    private var context: ChannelHandlerContext?
    /// Only of a connection whose bytes are the socket's.
    private var socket: SocketChannel?
    private var loop: SocketLoop?
    /// `turnEnded` will be called.
    private var isWaiting = false

    init(scratch: WriteScratch, counts: ByteCounts = ByteCounts()) {
        self.scratch = scratch
        self.counts = counts
    }

    /// - Parameters:
    ///   - isPlain: No other handler of the channel looks at what is written or read.
    ///   - receiver: Gets what is read then, past the pipeline.
    func attach(_ context: ChannelHandlerContext, isPlain: Bool, receiver: (any SocketReceiver)? = nil) {
        self.context = context
        self.loop = context.eventLoop as? SocketLoop
        guard isPlain, let socket = context.channel as? SocketChannel else { return }
        self.socket = socket
        socket.receiver = receiver
    }

    func detach() {
        self.context = nil
        self.socket = nil
        self.loop = nil
        self.pieces = []
        self.buffer = ByteBuffer()
    }

    /// Room in `buffer`: memory that all connections of the loop share.
    func begin() {
        if self.buffer.capacity == 0 { self.scratch.take(&self.buffer) }
    }

    func append(_ data: ByteBuffer) {
        if data.readableBytes <= Self.copiedBytes {
            self.begin()
            self.buffer.writeImmutableBuffer(data)
        } else {
            self.appendWhole(data)
        }
    }

    /// Without a copy, whatever its size.
    func appendWhole(_ data: ByteBuffer) {
        if self.buffer.readableBytes > 0 {
            self.pieces.append(self.buffer)
            self.buffer = ByteBuffer()
        }
        self.pieces.append(data)
    }

    /// When the loop's turn ends. Before the connection is closed, or its output ended, `flush` must come.
    func flushSoon() {
        guard let loop = self.loop else { return self.flush() }
        guard !self.isWaiting, self.buffer.readableBytes > 0 || !self.pieces.isEmpty else { return }
        self.isWaiting = true
        loop.flushAtTurnEnd(self)
    }

    /// At once.
    func flush() {
        guard self.buffer.readableBytes > 0 || !self.pieces.isEmpty else { return }
        // Sending may lead to more, or to the end.
        var buffer = ByteBuffer()
        swap(&buffer, &self.buffer)
        self.counts.sent &+= buffer.readableBytes
        if self.pieces.isEmpty {
            if let socket = self.socket { socket.send(&buffer) } else { self.enqueue(&buffer) }
        } else {
            var pieces: [ByteBuffer] = []
            swap(&pieces, &self.pieces)
            for piece in pieces { self.counts.sent &+= piece.readableBytes }
            if buffer.readableBytes > 0 { pieces.append(buffer) }
            buffer.moveReaderIndex(to: buffer.writerIndex)
            if let socket = self.socket { socket.send(pieces) } else { self.enqueue(pieces) }
        }
        // The memory stays here: mostly everybody else has let go of it by now.
        self.scratch.giveBack(&buffer)
    }

    func turnEnded() {
        self.isWaiting = false
        self.flush()
    }

    // MARK: Through the pipeline

    private func enqueue(_ buffer: inout ByteBuffer) {
        self.context?.writeAndFlush(NIOAny(buffer), promise: nil)
        buffer.moveReaderIndex(to: buffer.writerIndex)
    }

    private func enqueue(_ pieces: [ByteBuffer]) {
        guard let context = self.context, let last = pieces.last else { return }
        for piece in pieces.dropLast() { context.write(NIOAny(piece), promise: nil) }
        context.writeAndFlush(NIOAny(last), promise: nil)
    }
}
