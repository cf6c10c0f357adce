// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

@testable import Proxy

/// An endpoint of tunnels: answers the head, if there is one to come, echoes what follows, and says `bye` when its peer has said
/// all.
final class TunnelUpstream: Sendable {
    private let channel: any Channel
    private let heads: Heads

    private final class Heads: Sendable {
        let seen = Mutex<[String]>([])
    }

    var port: Int { self.channel.localAddress?.port ?? 0 }
    var requests: [String] { self.heads.seen.withLock { $0 } }

    /// - Parameters:
    ///   - answer: To the head; nil: there is none, bytes come at once.
    ///   - answersKey: As a WebSocket's server does.
    init(group: MultiThreadedEventLoopGroup, answer: String?, answersKey: Bool = true) async throws {
        let heads = Heads()
        self.heads = heads
        self.channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Echo(answer, heads, answersKey))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: String?
        private let heads: Heads
        private let answersKey: Bool
        private var head: String? = ""

        init(_ answer: String?, _ heads: Heads, _ answersKey: Bool) {
            self.answer = answer
            self.answersKey = answersKey
            self.heads = heads
            if answer == nil { self.head = nil }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            guard let head = self.head else { return context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil) }
            let text = head + String(buffer: bytes)
            self.head = text
            guard let end = text.firstRange(of: "\r\n\r\n"), let answer = self.answer else { return }
            self.head = nil
            self.heads.seen.withLock { $0.append(text) }
            let reply = String(answer.dropLast()) + self.keyAnswer(text) + "\r\n" + text[end.upperBound...]
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: reply)), promise: nil)
        }

        private func keyAnswer(_ head: String) -> String {
            let name = "sec-websocket-key: "
            guard self.answersKey, let line = head.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix(name) })
            else { return "" }
            return "Sec-WebSocket-Accept: \(WebSocketKey.answer(to: String(line.dropFirst(name.count))))\r\n"
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let event = event as? ChannelEvent, event == .inputClosed else { return }
            let written = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: "bye")), promise: written)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
