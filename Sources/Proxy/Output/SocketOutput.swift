// SPDX-License-Identifier: Apache-2.0
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes on their way out of one connection.
///
/// What one event produces is gathered and goes out by one system call, straight into the socket: a channel's queue, promises and
/// pipeline cost more than the call does. What the socket does not take waits in the channel, and until that is gone everything
/// follows it there, so that the order is kept. Where something stands between the session and its socket (TLS), always.
///
/// Belongs to the connection's event loop.
final class SocketOutput {
    /// Data of up to this many bytes is copied behind what is gathered already; more goes out from where it lies.
    private static let copiedBytes = 8 * 1024
    /// How many pieces one system call takes.
    private static let piecesAtOnce = 16

    /// The small things: heads, chunk sizes, short bodies. To be written into after `begin()`.
    var buffer = ByteBuffer()
    /// What comes before `buffer`.
    private var pieces: [ByteBuffer] = []
    private let scratch: WriteScratch
    private var context: ChannelHandlerContext?
    private var channel: (any Channel)?
    /// Only of a socket that nothing but this object writes to. Good only while the channel is active: afterwards the number may be
    /// another connection's.
    private var descriptor: NIOBSDSocket.Handle?
    /// Times that the channel was given something that it has not written yet.
    private var queued = 0

    init(scratch: WriteScratch) { self.scratch = scratch }

    /// - Parameter isPlain: No other handler of the channel looks at what is written.
    func attach(_ context: ChannelHandlerContext, isPlain: Bool) {
        self.context = context
        self.channel = context.channel
        guard isPlain, let options = context.channel.syncOptions,
            (try? options.getOption(.bufferedWritableBytes)) == 0
        else { return }
        self.descriptor = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
    }

    func detach() {
        self.context = nil
        self.channel = nil
        self.descriptor = nil
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

    func flush() {
        guard self.buffer.readableBytes > 0 || !self.pieces.isEmpty, let channel = self.channel else { return }
        if let descriptor = self.descriptor, self.queued == 0, channel.isActive {
            guard self.send(to: descriptor) else {
                self.pieces = []
                self.buffer.clear()
                return channel.close(promise: nil)
            }
        }
        if self.buffer.readableBytes > 0 || !self.pieces.isEmpty { self.enqueue() }
        // Flushing may have led to more.
        if self.buffer.readableBytes == 0 { self.scratch.giveBack(&self.buffer) }
    }

    // MARK: Straight into the socket

    /// Takes away what the socket has taken. False if the connection is broken.
    private func send(to descriptor: NIOBSDSocket.Handle) -> Bool {
        guard self.pieces.isEmpty else { return self.sendPieces(to: descriptor) }
        let count = self.buffer.withUnsafeReadableBytes { Self.transmit(descriptor, $0) }
        guard count >= 0 else { return Self.isPassing(errno) }
        self.buffer.moveReaderIndex(forwardBy: min(count, self.buffer.readableBytes))
        return true
    }

    private func sendPieces(to descriptor: NIOBSDSocket.Handle) -> Bool {
        if self.buffer.readableBytes > 0 {
            self.pieces.append(self.buffer)
            self.buffer = ByteBuffer()
        }
        var first = 0
        defer { self.pieces.removeFirst(min(first, self.pieces.count)) }
        while first < self.pieces.count {
            let last = min(first + Self.piecesAtOnce, self.pieces.count)
            let wanted = self.pieces[first..<last].reduce(0) { $0 + $1.readableBytes }
            var count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.piecesAtOnce) { vectors in
                Self.transmit(descriptor, self.pieces[first..<last], vectors, filled: 0)
            }
            guard count >= 0 else { return Self.isPassing(errno) }
            let isWhole = count >= wanted
            while first < last {
                let taken = min(count, self.pieces[first].readableBytes)
                count -= taken
                self.pieces[first].moveReaderIndex(forwardBy: taken)
                guard self.pieces[first].readableBytes == 0 else { break }
                first += 1
            }
            guard isWhole else { break }
        }
        return true
    }

    /// Calls itself for each piece, because the address of its bytes is good only within a call.
    private static func transmit(
        _ descriptor: NIOBSDSocket.Handle, _ pieces: ArraySlice<ByteBuffer>, _ vectors: UnsafeMutableBufferPointer<iovec>,
        filled: Int
    ) -> Int {
        guard let piece = pieces.first, filled < vectors.count else {
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = .init(filled)
            while true {
                let count = sendmsg(descriptor, &message, Self.flags)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        return piece.withUnsafeReadableBytes { bytes in
            vectors[filled] = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            return Self.transmit(descriptor, pieces.dropFirst(), vectors, filled: filled + 1)
        }
    }

    private static func transmit(_ descriptor: NIOBSDSocket.Handle, _ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            let count = sendOnce(descriptor, bytes)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    @inline(__always)
    private static func sendOnce(_ descriptor: NIOBSDSocket.Handle, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.send(descriptor, bytes.baseAddress, bytes.count, Self.flags)
        #elseif canImport(Musl)
            Musl.send(descriptor, bytes.baseAddress, bytes.count, Self.flags)
        #else
            Darwin.send(descriptor, bytes.baseAddress, bytes.count, Self.flags)
        #endif
    }

    /// A peer that has gone is an error, not a signal. (NIO sets the same on the socket where there is no such flag.)
    private static var flags: CInt {
        #if canImport(Darwin)
            CInt(MSG_DONTWAIT)
        #else
            CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        #endif
    }

    private static func isPassing(_ error: CInt) -> Bool { error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS }

    // MARK: Through the channel

    private func enqueue() {
        guard let context = self.context else { return }
        var pieces = self.pieces
        self.pieces = []
        if self.buffer.readableBytes > 0 {
            pieces.append(self.buffer)
            // The memory stays here: mostly the channel has let go of it when the flush returns.
            self.buffer.moveReaderIndex(to: self.buffer.writerIndex)
        }
        guard let last = pieces.popLast() else { return }
        for piece in pieces { context.write(NIOAny(piece), promise: nil) }
        guard self.descriptor != nil else { return context.writeAndFlush(NIOAny(last), promise: nil) }
        self.queued += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.queued -= 1 }
        context.writeAndFlush(NIOAny(last), promise: written)
    }
}
