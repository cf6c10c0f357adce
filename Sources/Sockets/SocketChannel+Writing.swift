// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Glibc
package import NIOCore
import Synchronization

extension SocketChannel {
    /// More than this waits: the channel is not writable (NIO's marks).
    private static let highMark = 64 * 1024
    /// Less than this waits again: it is.
    private static let lowMark = 32 * 1024
    /// How many pieces one system call takes.
    private static let piecesAtOnce = 16

    // MARK: Past the pipeline

    /// Sends at once what the socket takes; the rest waits here, and everything that follows waits behind it. `bytes` is empty
    /// afterwards. A broken connection is closed.
    package func send(_ bytes: inout ByteBuffer) {
        guard self.state == .active, !self.outputIsClosed else { return bytes.moveReaderIndex(to: bytes.writerIndex) }
        if self.queue.isEmpty {
            let count = bytes.withUnsafeReadableBytes { SystemSocket.send(self.descriptor, $0) }
            if count == bytes.readableBytes { return bytes.moveReaderIndex(to: bytes.writerIndex) }
            guard count >= 0 || SystemSocket.isPassing(errno) else {
                bytes.moveReaderIndex(to: bytes.writerIndex)
                return self.sendFailed(errno)
            }
            bytes.moveReaderIndex(forwardBy: max(count, 0))
        }
        self.queue.append(bytes, nil)
        bytes.moveReaderIndex(to: bytes.writerIndex)
        self.queue.markFlush()
        self.queueHasGrown()
    }

    /// The same for several pieces.
    package func send(_ pieces: [ByteBuffer]) {
        guard self.state == .active, !self.outputIsClosed else { return }
        let wasEmpty = self.queue.isEmpty
        for piece in pieces { self.queue.append(piece, nil) }
        self.queue.markFlush()
        if wasEmpty { self.sendQueue() }
        if self.isOpen { self.queueHasGrown() }
    }

    /// Bytes that the socket has not taken.
    package var unsentBytes: Int { self.queue.bytes }

    // MARK: From the pipeline

    package func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard self.isOpen else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        guard !self.outputIsClosed, !self.outputEnd.isWanted else { return promise?.fail(ChannelError.outputClosed) ?? () }
        guard let bytes = self.tryUnwrapData(data, as: ByteBuffer.self) else {
            return promise?.fail(ChannelError.operationUnsupported) ?? ()
        }
        self.queue.append(bytes, promise)
        self.queueHasGrown()
    }

    package func flush0() {
        guard self.isOpen, !self.queue.isEmpty else { return }
        // What waits for the socket waits for epoll.
        let waits = self.queue.flushable > 0
        self.queue.markFlush()
        if !waits, self.state == .active { self.sendQueue() }
    }

    /// What may go out, as far as the socket takes it.
    func sendQueue() {
        while self.queue.flushable > 0 {
            let wanted: Int
            let count: Int
            if self.queue.flushable == 1 {
                let bytes = self.queue.items[0].bytes
                wanted = bytes.readableBytes
                count = wanted == 0 ? 0 : bytes.withUnsafeReadableBytes { SystemSocket.send(self.descriptor, $0) }
            } else {
                let pieces = self.queue.items.prefix(min(self.queue.flushable, Self.piecesAtOnce)).map(\.bytes)
                wanted = pieces.reduce(0) { $0 + $1.readableBytes }
                count = wanted == 0 ? 0 : Self.send(self.descriptor, pieces)
            }
            guard count >= 0 else {
                guard SystemSocket.isPassing(errno) else { return self.sendFailed(errno) }
                break
            }
            for promise in self.queue.sent(count) { promise.succeed(()) }
            guard count == wanted, self.isOpen else { break }
        }
        guard self.isOpen else { return }
        if self.queue.isEmpty, self.outputEnd.isWanted { self.endOutput() }
        guard self.isOpen, !self.isWritable, self.queue.bytes < Self.lowMark else { return }
        self.writable.store(true, ordering: .relaxed)
        self.pipeline.syncOperations.fireChannelWritabilityChanged()
    }

    private func queueHasGrown() {
        guard self.queue.bytes > Self.highMark, self.isWritable else { return }
        self.writable.store(false, ordering: .relaxed)
        self.pipeline.syncOperations.fireChannelWritabilityChanged()
    }

    private func sendFailed(_ code: CInt) {
        self.close0(error: IOError(errnoCode: code, reason: "send"), mode: .all, promise: nil)
    }

    private static func send(_ descriptor: CInt, _ pieces: [ByteBuffer]) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: pieces.count) { vectors in
            Self.send(descriptor, pieces[...], vectors, filled: 0)
        }
    }

    /// Calls itself for each piece, because the address of its bytes is good only within a call.
    private static func send(
        _ descriptor: CInt, _ pieces: ArraySlice<ByteBuffer>, _ vectors: UnsafeMutableBufferPointer<iovec>, filled: Int
    ) -> Int {
        guard let piece = pieces.first, filled < vectors.count else {
            return SystemSocket.send(descriptor, UnsafeMutableBufferPointer(rebasing: vectors.prefix(filled)))
        }
        return piece.withUnsafeReadableBytes { bytes in
            vectors[filled] = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            return Self.send(descriptor, pieces.dropFirst(), vectors, filled: filled + 1)
        }
    }
}
