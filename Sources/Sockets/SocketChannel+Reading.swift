// SPDX-License-Identifier: Apache-2.0
import Glibc
import NIOCore

extension SocketChannel {
    /// In one turn of the loop, so that one connection does not hold up the others.
    private static let readsAtOnce = 4

    private var takesInput: Bool { self.isOpen && self.hasInput && (self.autoRead || self.readIsWanted) && !self.inputIsClosed }

    package func read0() {
        self.readIsWanted = true
        self.readLaterIfReady()
    }

    /// Not at once: whoever asks may be in the middle of something.
    func readLaterIfReady() {
        guard self.takesInput, !self.isReadLater else { return }
        self.isReadLater = true
        self.loop.readLater(self)
    }

    func readWhatWasLeft() {
        self.isReadLater = false
        if self.takesInput { self.readNow() }
    }

    func inputIsReady(_ readiness: Readiness) {
        guard !readiness.isDisjoint(with: [.readable, .inputEnded, .ended, .failed]) else { return }
        self.hasInput = true
        if !readiness.isDisjoint(with: [.inputEnded, .ended, .failed]) { self.inputEnds = true }
        if self.takesInput { return self.readNow() }
        // Nobody reads now, but a connection that was reset is over. (That both sides have said all is no reset: what has come waits.)
        guard readiness.contains(.failed), self.isOpen else { return }
        self.readToEnd()
    }

    private func readNow() {
        var hasRead = false
        for _ in 0..<Self.readsAtOnce {
            let size = self.readSize
            var code: CInt = 0
            let (count, bytes) = self.loop.readBuffers.read(size) { [descriptor] memory in
                let count = SystemSocket.receive(descriptor, memory)
                if count < 0 { code = errno }
                return count
            }
            guard let bytes else {
                self.hasInput = false
                if hasRead { self.tellReadComplete() }
                if self.isOpen { count == 0 ? self.inputEnded() : self.readFailed(code) }
                return
            }
            hasRead = true
            // Asked for once and given once; whoever wants more says so when this read is complete.
            self.readIsWanted = false
            // Less than there was room for: the socket is empty, and epoll will tell when it is not.
            if count < size, !self.inputEnds { self.hasInput = false }
            self.adapt(count)
            self.deliver(bytes)
            guard self.takesInput, self.autoRead else { break }
        }
        guard self.isOpen else { return }
        self.tellReadComplete()
        self.readLaterIfReady()
    }

    /// Of a connection that was reset: what came before the reset, then the end.
    private func readToEnd() {
        while self.isOpen {
            var code: CInt = 0
            let (count, bytes) = self.loop.readBuffers.read(self.readSize) { [descriptor] memory in
                let count = SystemSocket.receive(descriptor, memory)
                if count < 0 { code = errno }
                return count
            }
            guard let bytes else {
                self.hasInput = false
                self.tellReadComplete()
                guard self.isOpen else { return }
                let error = count == 0 ? (try? SystemSocket.get(self.descriptor, SOL_SOCKET, SO_ERROR)) ?? 0 : code
                return self.close0(
                    error: error == 0 ? ChannelError.eof : IOError(errnoCode: error, reason: "reset"), mode: .all, promise: nil)
            }
            self.adapt(count)
            self.deliver(bytes)
        }
    }

    private func deliver(_ bytes: ByteBuffer) {
        if let receiver = self.receiver { return receiver.received(bytes) }
        self.pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
    }

    private func tellReadComplete() {
        if let receiver = self.receiver { return receiver.receivedAll() }
        self.pipeline.syncOperations.fireChannelReadComplete()
    }

    private func inputEnded() {
        self.inputIsClosed = true
        if self.allowsHalfClosure, !self.outputIsClosed {
            self.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            self.close0(error: ChannelError.eof, mode: .all, promise: nil)
        }
    }

    private func readFailed(_ code: CInt) {
        guard !SystemSocket.isPassing(code) else { return }
        let error = IOError(errnoCode: code, reason: "recv")
        self.pipeline.syncOperations.fireErrorCaught(error)
        self.close0(error: error, mode: .all, promise: nil)
    }

    /// Little memory while messages are small, much while a body fills every read.
    private func adapt(_ count: Int) {
        if count >= self.readSize {
            self.smallReads = 0
            self.readSize = min(self.readSize * 4, ReadBuffers.large)
        } else if self.readSize > ReadBuffers.small, count < self.readSize / 4 {
            self.smallReads += 1
            guard self.smallReads >= 2 else { return }
            self.smallReads = 0
            self.readSize = max(self.readSize / 4, ReadBuffers.small)
        }
    }
}
