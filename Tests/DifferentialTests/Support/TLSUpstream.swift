// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// An echo behind TLS that notes of each connection what its client asked for, `SERVER-NAME [ALPN,…]`, and what was spoken then.
struct TLSUpstream: Sendable {
    private let channel: any Channel
    private let notes: Notes

    var port: Int { self.channel.localAddress?.port ?? 0 }
    /// Of each connection, from the first on.
    var connections: [String] { self.notes.lines.withLock { $0 } }

    private final class Notes: Sendable {
        let lines = Mutex<[String]>([])

        func begin(_ line: String) -> Int {
            self.lines.withLock {
                $0.append(line)
                return $0.count - 1
            }
        }

        func add(_ text: String, to number: Int) { self.lines.withLock { $0[number] += text } }
    }

    /// - Parameter protocols: Taken by ALPN, most wanted first.
    static func start(certificate: String, key: String, protocols: [String]) async throws -> TLSUpstream {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        let notes = Notes()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let listener = HelloListener(notes)
                    try pipeline.addHandlers(listener, NIOSSLServerHandler(context: context), Chooser(listener, notes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TLSUpstream(channel: channel, notes: notes)
    }

    func stop() async { try? await self.channel.close() }

    /// Reads the first message of the client before TLS does.
    private final class HelloListener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let notes: Notes
        private var bytes = ByteBuffer()
        private(set) var number: Int?

        init(_ notes: Notes) { self.notes = notes }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if self.number == nil {
                self.bytes.writeImmutableBuffer(self.unwrapInboundIn(data))
                if let text = HelloText.of(self.bytes) { self.number = self.notes.begin(text) }
            }
            context.fireChannelRead(data)
        }
    }

    /// Speaks what the handshake has chosen.
    private final class Chooser: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let listener: HelloListener
        private let notes: Notes
        /// Noted when something is said: who does not like the certificate says nothing.
        private var spoken: String?

        init(_ listener: HelloListener, _ notes: Notes) {
            self.listener = listener
            self.notes = notes
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard case .handshakeCompleted(let chosen)? = event as? TLSUserEvent else { return }
            let isHTTP2 = chosen == "h2"
            self.spoken = isHTTP2 ? " HTTP/2" : " HTTP/1"
            let pipeline = context.pipeline.syncOperations
            do {
                if isHTTP2 { try pipeline.addHandler(HTTP2EchoHandler()) } else { try pipeline.addHandler(EchoHandler()) }
            } catch { context.close(promise: nil) }
            context.fireChannelActive()
        }

        func channelActive(context: ChannelHandlerContext) {}

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if let spoken = self.spoken, let number = self.listener.number { self.notes.add(spoken, to: number) }
            self.spoken = nil
            context.fireChannelRead(data)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
