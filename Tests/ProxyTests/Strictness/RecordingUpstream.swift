// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

/// An upstream that keeps every byte it gets and answers each message that is complete. It finds the end of a message by itself:
/// what a proxy's codec thinks of it does not count here.
final class RecordingUpstream: Sendable {
    struct Record: Sendable {
        var bytes: [UInt8] = []
        /// Messages that were complete.
        var messages = 0
        var openConnections = 0

        var text: String { String(decoding: self.bytes, as: UTF8.self) }
    }

    private let channel: any Channel
    private let kept: Kept

    var port: Int { self.channel.localAddress?.port ?? 0 }
    var record: Record { self.kept.record.withLock { $0 } }

    /// - Parameter answer: To every request, whole.
    init(
        group: MultiThreadedEventLoopGroup, answer: String = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    ) async throws {
        let kept = Kept()
        self.kept = kept
        self.channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Recorder(kept, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class Kept: Sendable {
        let record = Mutex(Record())
    }

    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let kept: Kept
        private let answer: String
        /// Of the message that is coming; Latin-1, so that a byte is a character.
        private var text: [UInt8] = []

        init(_ kept: Kept, answer: String) {
            self.kept = kept
            self.answer = answer
        }

        func channelActive(context: ChannelHandlerContext) { self.kept.record.withLock { $0.openConnections += 1 } }

        func channelInactive(context: ChannelHandlerContext) { self.kept.record.withLock { $0.openConnections -= 1 } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(self.unwrapInboundIn(data).readableBytesView)
            self.text += bytes
            self.kept.record.withLock { $0.bytes += bytes }
            while let length = Self.message(self.text) {
                self.text.removeFirst(length)
                self.kept.record.withLock { $0.messages += 1 }
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.answer)), promise: nil)
            }
        }

        /// The length of a whole message at the front.
        private static func message(_ bytes: [UInt8]) -> Int? {
            guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased().split(separator: "\r\n")
            let body = bytes[head.upperBound...]
            if lines.contains("transfer-encoding: chunked") {
                let start = body.starts(with: Array("0\r\n".utf8)) ? head.upperBound : nil
                guard let last = start ?? body.firstRange(of: Array("\r\n0\r\n".utf8)).map({ $0.lowerBound + 2 }) else {
                    return nil
                }
                return bytes[last...].firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
            }
            let declared = lines.first { $0.hasPrefix("content-length:") }?.dropFirst(15).filter(\.isNumber)
            let length = declared.flatMap { Int($0) } ?? 0
            return body.count >= length ? head.upperBound + length : nil
        }
    }
}
