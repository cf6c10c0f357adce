// SPDX-License-Identifier: Apache-2.0
import Glibc
package import NIOCore
import Synchronization

/// One stream socket on one loop: a channel of NIO's kind for handlers such as TLS, and a short way past the pipeline for sessions
/// that take the socket's bytes as they are (`receiver`, `send`).
///
/// Everything is of the loop's thread, but for what `Channel` promises to other threads.
package final class SocketChannel: Channel, @unchecked Sendable {
    enum State { case fresh, connecting, active, closed }

    package let loop: SocketLoop
    /// Good while `isOpen`.
    let descriptor: CInt
    private(set) var state = State.fresh
    private var token: Poller.Token?
    private let closePromise: EventLoopPromise<Void>
    private let addresses: Mutex<Addresses>
    private let active = Atomic<Bool>(false)

    // Reading.
    /// Past the pipeline; nil: through it.
    package var receiver: (any SocketReceiver)?
    private(set) var autoRead = true
    var readIsWanted = false
    /// The socket may have something to read: epoll says so only once.
    var hasInput = false
    /// What is still to be read is all there will be.
    var inputEnds = false
    var inputIsClosed = false
    /// The peer has ended its side, or broken the connection: it is not we who end it.
    package private(set) var isEndedByPeer = false
    var allowsHalfClosure = false
    var isReadLater = false
    var readSize = ReadBuffers.small
    var smallReads = 0

    // Writing.
    var queue = WriteQueue()
    var outputIsClosed = false
    /// The output ends when the queue is empty.
    var outputEnd: (isWanted: Bool, promise: EventLoopPromise<Void>?) = (false, nil)
    let writable = Atomic<Bool>(true)

    // Connecting.
    private var connected: ((Result<SocketChannel, any Error>) -> Void)?
    private var connectTimer: ScheduledJobs.Job?

    private struct Addresses {
        var local: SocketAddress?
        var remote: SocketAddress?
    }

    /// Takes over the descriptor, which does not block. On the loop.
    ///
    /// - Parameter isConnected: Addresses that are not given are asked for at once.
    init(
        descriptor: CInt, loop: SocketLoop, isConnected: Bool, local: SocketAddress? = nil, remote: SocketAddress? = nil
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.closePromise = loop.makePromise(of: Void.self)
        self.addresses = Mutex(Addresses(local: local, remote: remote))
        if isConnected { self.learnAddresses() }
    }

    // MARK: Channel

    package private(set) lazy var pipeline = ChannelPipeline(channel: self)
    package var eventLoop: any EventLoop { self.loop }
    package var allocator: ByteBufferAllocator { ByteBufferAllocator() }
    package var closeFuture: EventLoopFuture<Void> { self.closePromise.futureResult }
    package var parent: (any Channel)? { nil }
    package var isWritable: Bool { self.writable.load(ordering: .relaxed) }
    package var isActive: Bool { self.active.load(ordering: .relaxed) }
    package var _channelCore: any ChannelCore { self }

    var isOpen: Bool { self.state != .closed }

    package var localAddress: SocketAddress? { self.addresses.withLock { $0.local } }
    package var remoteAddress: SocketAddress? { self.addresses.withLock { $0.remote } }

    /// While the descriptor is ours: later it may be another's, and other threads may ask.
    private func learnAddresses() {
        self.addresses.withLock { addresses in
            if addresses.local == nil { addresses.local = .of(self.descriptor, getsockname) }
            if addresses.remote == nil { addresses.remote = .of(self.descriptor, getpeername) }
        }
    }

    // MARK: Beginning

    /// An accepted connection begins.
    func becomeActive() throws {
        guard self.state == .fresh else { return }
        self.token = try self.loop.watch(self.descriptor, self)
        self.activate()
    }

    private func activate() {
        self.state = .active
        self.active.store(true, ordering: .relaxed)
        self.pipeline.syncOperations.fireChannelActive()
    }

    /// Connects to `address`. On `loop`.
    ///
    /// - Parameters:
    ///   - configure: Adds handlers; runs before this returns.
    ///   - done: Runs once, later, on the loop, before the pipeline hears that the channel is active. Errors are `IOError` of what the
    ///     system said, or `ChannelError.connectTimeout`.
    package static func connect(
        to address: SocketAddress, on loop: SocketLoop, timeout: TimeAmount, configure: (SocketChannel) throws -> Void,
        done: @escaping (Result<SocketChannel, any Error>) -> Void
    ) {
        loop.preconditionInEventLoop()
        let descriptor: CInt
        do { descriptor = try SystemSocket.make(address.family) } catch { return loop.putOff { done(.failure(error)) } }
        let channel = SocketChannel(descriptor: descriptor, loop: loop, isConnected: false, remote: address)
        channel.connected = done
        do {
            if address.port != nil { try SystemSocket.set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1) }
            try configure(channel)
            guard channel.isOpen else { return }
            let code = address.withSockAddr { Glibc.connect(descriptor, $0, socklen_t($1)) }
            guard code == 0 || errno == EINPROGRESS else { throw IOError(errnoCode: errno, reason: "connect") }
            channel.state = .connecting
            channel.token = try loop.watch(descriptor, channel)
            channel.connectTimer = loop.schedule(
                .now() + timeout,
                run: { channel.close0(error: ChannelError.connectTimeout(timeout), mode: .all, promise: nil) }, fail: { _ in })
        } catch {
            channel.close0(error: error, mode: .all, promise: nil)
        }
    }

    private func connectEnded() {
        let code: CInt
        do { code = try SystemSocket.get(self.descriptor, SOL_SOCKET, SO_ERROR) } catch {
            return self.close0(error: error, mode: .all, promise: nil)
        }
        guard code == 0 else {
            return self.close0(error: IOError(errnoCode: code, reason: "connect"), mode: .all, promise: nil)
        }
        self.cancelConnectTimer()
        self.state = .active
        self.learnAddresses()
        self.active.store(true, ordering: .relaxed)
        let connected = self.connected
        self.connected = nil
        connected?(.success(self))
        if self.isOpen { self.pipeline.syncOperations.fireChannelActive() }
    }

    private func cancelConnectTimer() {
        guard let timer = self.connectTimer else { return }
        self.connectTimer = nil
        self.loop.cancel(timer)
    }

    // MARK: Closing

    package func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard self.isOpen else { return promise?.fail(ChannelError.alreadyClosed) ?? () }
        switch mode {
        case .all: self.closeAll(error, promise)
        case .input: self.closeInput(promise)
        case .output: self.closeOutput(promise)
        }
    }

    private func closeAll(_ error: any Error, _ promise: EventLoopPromise<Void>?) {
        let wasActive = self.state == .active
        self.isEndedByPeer = self.inputEnds || self.inputIsClosed || error is IOError
        self.state = .closed
        self.active.store(false, ordering: .relaxed)
        self.cancelConnectTimer()
        if let token = self.token { self.loop.forget(token) }
        self.token = nil
        Glibc.close(self.descriptor)
        self.receiver = nil
        self.hasInput = false
        let outputEnd = self.outputEnd.promise
        self.outputEnd = (false, nil)
        for unsent in self.queue.removeAll() { unsent.fail(error) }
        outputEnd?.fail(error)
        promise?.succeed(())
        if let connected = self.connected {
            self.connected = nil
            self.loop.putOff { connected(.failure(error)) }
        }
        if wasActive { self.pipeline.syncOperations.fireChannelInactive() }
        // Whoever led here may still walk through the pipeline.
        self.loop.putOff {
            self.removeHandlers(pipeline: self.pipeline)
            self.closePromise.succeed(())
        }
    }

    private func closeInput(_ promise: EventLoopPromise<Void>?) {
        guard !self.inputIsClosed else { return promise?.fail(ChannelError.inputClosed) ?? () }
        shutdown(self.descriptor, CInt(SHUT_RD))
        self.inputIsClosed = true
        promise?.succeed(())
        self.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        if self.outputIsClosed { self.close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }

    /// Behind everything that was written.
    private func closeOutput(_ promise: EventLoopPromise<Void>?) {
        guard !self.outputIsClosed, !self.outputEnd.isWanted else { return promise?.fail(ChannelError.outputClosed) ?? () }
        self.outputEnd = (true, promise)
        if self.queue.isEmpty { self.endOutput() }
    }

    func endOutput() {
        let promise = self.outputEnd.promise
        self.outputEnd = (false, nil)
        self.outputIsClosed = true
        shutdown(self.descriptor, CInt(SHUT_WR))
        promise?.succeed(())
        self.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.outputClosed)
        if self.inputIsClosed { self.close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }

    func setAutoRead(_ isOn: Bool) {
        self.autoRead = isOn
        if isOn { self.readLaterIfReady() }
    }
}

extension SocketChannel: Polled {
    func ready(_ readiness: Readiness) {
        switch self.state {
        case .fresh, .closed: return
        case .connecting:
            self.connectEnded()
            // The same event may tell of the first bytes, and of the end.
            guard self.state == .active else { return }
        case .active: break
        }
        if !self.queue.isEmpty, readiness.contains(.writable) {
            self.sendQueue()
            guard self.isOpen else { return }
        }
        self.inputIsReady(readiness)
    }

    func loopEnds() { self.close0(error: EventLoopError.shutdown, mode: .all, promise: nil) }
}
