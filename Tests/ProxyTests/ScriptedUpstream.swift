// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

/// An upstream that does what a script says for each request, and remembers the requests.
final class ScriptedUpstream: Sendable {
    enum Step: Sendable {
        case answer(String)
        /// Never answers.
        case silence
        case close
        /// Ends the connection so that its peer sees an error.
        case reset
        /// Sends the text, then resets.
        case cut(String)
        /// Sends the request back, head and body, once `bytes` of body are there.
        case echo(bytes: Int)
        /// Sends the text, then does as `echo`.
        case interim(String, then: Int)
    }

    private let channel: any Channel
    private let seen = Mutex<[String]>([])

    var port: Int { self.channel.localAddress?.port ?? 0 }
    /// Heads with what of their bodies came with them.
    var requests: [String] { self.seen.withLock { $0 } }

    /// - Parameter script: Of the how-manieth request, from 0 over all connections, and its text.
    init(group: MultiThreadedEventLoopGroup, _ script: @escaping @Sendable (Int, String) -> Step) async throws {
        let recorder = Recorder()
        self.channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Actor(script, recorder))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        recorder.upstream.withLock { [self] in $0 = self }
    }

    /// Always the same.
    convenience init(group: MultiThreadedEventLoopGroup, always step: Step) async throws {
        try await self.init(group: group) { _, _ in step }
    }

    static func status(_ status: Int, headers: String = "", body: String = "") -> Step {
        .answer("HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private func note(_ request: String) -> Int {
        self.seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
    }

    private final class Recorder: Sendable {
        let upstream = Mutex<ScriptedUpstream?>(nil)
    }

    private final class Actor: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let script: @Sendable (Int, String) -> Step
        private let recorder: Recorder
        private var text = ""
        private var echo: Int?

        init(_ script: @escaping @Sendable (Int, String) -> Step, _ recorder: Recorder) {
            self.script = script
            self.recorder = recorder
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
            if let bytes = self.echo { return self.echo(bytes, context) }
            guard self.text.contains("\r\n\r\n") else { return }
            let number = self.recorder.upstream.withLock { $0?.note(self.text) } ?? 0
            let step = self.script(number, self.text)
            if case .interim(let text, let bytes) = step {
                self.send(text, context)
                self.echo = bytes
                return self.echo(bytes, context)
            }
            if case .echo(let bytes) = step {
                self.echo = bytes
                return self.echo(bytes, context)
            }
            self.text = ""
            switch step {
            case .answer(let answer): self.send(answer, context)
            case .silence, .echo, .interim: break
            case .close: context.close(promise: nil)
            case .reset: self.reset(context)
            case .cut(let answer):
                self.send(answer, context)
                self.reset(context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func echo(_ bytes: Int, _ context: ChannelHandlerContext) {
            guard let end = self.text.firstRange(of: "\r\n\r\n"), self.text[end.upperBound...].utf8.count >= bytes else { return }
            let body = self.text
            self.text = ""
            self.echo = nil
            self.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", context)
        }

        private func send(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        private func reset(_ context: ChannelHandlerContext) {
            // NIO does this at once on the loop.
            _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: nil)
        }
    }
}
