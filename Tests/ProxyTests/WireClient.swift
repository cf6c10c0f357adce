// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Synchronization

/// A client that sends bytes and keeps what it gets.
final class WireClient: Sendable {
    private let channel: any Channel
    private let state: State

    private final class State: Sendable {
        let text = Mutex("")
        let bytes = Atomic<Int>(0)
        let inputEnded = Atomic<Bool>(false)
    }

    /// - Parameter reads: Whether it takes what comes from the beginning; else only from `startReading` on, and without keeping it.
    init(group: MultiThreadedEventLoopGroup, port: Int, reads: Bool = true) async throws {
        let state = State()
        self.state = state
        self.channel = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Keeper(state, keepsText: reads))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    var text: String { self.state.text.withLock { $0 } }
    var bytes: Int { self.state.bytes.load(ordering: .relaxed) }
    var isClosed: Bool { self.state.inputEnded.load(ordering: .relaxed) }

    func send(_ text: String) async throws { try await self.channel.writeAndFlush(ByteBuffer(string: text)).get() }
    func send(_ bytes: ByteBuffer) async throws { try await self.channel.writeAndFlush(bytes).get() }
    func finishOutput() async throws { try await self.channel.close(mode: .output).get() }
    func close() async { try? await self.channel.close().get() }
    func startReading() async throws { try await self.channel.setOption(.autoRead, value: true).get() }

    /// What came, once it holds `part`.
    @discardableResult
    func wait(for part: String, times: Int = 1) async throws -> String {
        try await waitUntil("\(times) × \(part) in what came", within: .seconds(10)) { self.text.ranges(of: part).count >= times }
        return self.text
    }

    /// What came, once the other side has finished.
    @discardableResult
    func waitForEnd() async throws -> String {
        try await waitUntil("the end", within: .seconds(20)) { self.isClosed }
        return self.text
    }

    private final class Keeper: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let state: State
        private let keepsText: Bool

        init(_ state: State, keepsText: Bool) {
            self.state = state
            self.keepsText = keepsText
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            self.state.bytes.wrappingAdd(bytes.readableBytes, ordering: .relaxed)
            if self.keepsText { self.state.text.withLock { $0 += String(buffer: bytes) } }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { self.state.inputEnded.store(true, ordering: .relaxed) }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) { self.state.inputEnded.store(true, ordering: .relaxed) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
