// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import MeshTestKit
import NIOCore
import NIOPosix
import Synchronization

/// An endpoint that answers `/next` with `next`, and everything else as a pair says, in HTTP/1 or HTTP/2.
final class PairUpstream: Sendable {
    private let channel: any Channel
    private let pair: Current

    final class Current: Sendable {
        let value = Mutex<MessagePair?>(nil)
    }

    init(isHTTP2: Bool) async throws {
        let pair = Current()
        self.pair = pair
        self.channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isHTTP2 {
                        try channel.pipeline.syncOperations.addHandler(HTTP2Side(pair))
                    } else {
                        try channel.pipeline.syncOperations.addHandler(HTTP1Side(pair))
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { self.channel.localAddress?.port ?? 0 }

    func answer(as pair: MessagePair) { self.pair.value.withLock { $0 = pair } }

    func stop() async { try? await self.channel.close() }

    private final class HTTP1Side: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let pair: Current
        private var text = ""

        init(_ pair: Current) { self.pair = pair }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
            guard self.text.hasSuffix("\r\n\r\n") else { return }
            let isNext = self.text.contains("/next ")
            self.text = ""
            guard let pair = self.pair.value.withLock({ $0 }) else { return context.close(promise: nil) }
            let answer = isNext ? ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext", false) : pair.http1Answer
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answer.0)), promise: nil)
            if answer.1 { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class HTTP2Side: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let pair: Current
        private let machine = HTTP2Connection(role: .server)
        private var inbound = ByteBuffer()
        private var paths: [UInt32: String] = [:]

        init(_ pair: Current) { self.pair = pair }

        func channelActive(context: ChannelHandlerContext) { self.write(context, []) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = self.unwrapInboundIn(data)
            self.inbound.writeBuffer(&bytes)
            var answers: [UInt8] = []
            while let event = try? self.machine.next(&self.inbound, now: .now()) {
                switch event {
                case .request(let id, let head, _, _): self.paths[id] = head.pathAndQuery.string
                case .end(let id, _): answers += self.answer(id)
                default: break
                }
            }
            self.write(context, answers)
        }

        /// As frames, so that the codec under test does not mend what is said.
        private func answer(_ id: UInt32) -> [UInt8] {
            let isNext = self.paths.removeValue(forKey: id) == "/next"
            guard let pair = self.pair.value.withLock({ $0 }) else { return [] }
            let answer = isNext ? ([(":status", "200"), ("content-length", "4")], "next") : pair.http2Answer
            return RawHTTP2.headers(answer.0, stream: id, ends: answer.1 == nil)
                + (answer.1.map { RawHTTP2.data(Array($0.utf8), stream: id, ends: true) } ?? [])
        }

        private func write(_ context: ChannelHandlerContext, _ answers: [UInt8]) {
            self.machine.writeOutput({ context.write(self.wrapOutboundOut($0), promise: nil) }, flush: { context.flush() })
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: answers)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
