// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOPosix

/// What stands behind the proxy in tests with real clients: `/bytes/N`, whole or by range, with a length or in chunks (`/chunks/N`),
/// and `/sum`, which says how many bytes came and what they add up to.
final class OriginServer: Sendable {
    private let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    init() async throws {
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Responder())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async throws { try await channel.close() }

    /// What every body is made of, over and over.
    private static let block = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    static func bytes(_ range: Range<Int>) -> [UInt8] {
        // Doubled as a whole: byte by byte, a debug build takes seconds for what tests ask for.
        var blocks = block
        while blocks.count < range.count + 256 { blocks += blocks }
        return Array(blocks[(range.lowerBound % 256)..<(range.lowerBound % 256 + range.count)])
    }

    static func sum(_ count: Int) -> Int {
        count / 256 * block.reduce(0) { $0 + Int($1) } + block[..<(count % 256)].reduce(0) { $0 + Int($1) }
    }

    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private var head: HTTPRequestHead?
        private var count = 0
        private var sum = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                count = 0
                sum = 0
            case .body(let part):
                count += part.readableBytes
                part.withUnsafeReadableBytes { for byte in $0 { sum += Int(byte) } }
            case .end:
                guard let head else { return }
                respond(to: head, context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
            let parts = head.uri.split(separator: "/")
            guard parts.count == 2, let size = Int(parts[1]), size <= 1 << 26 else {
                let text = head.uri == "/sum" ? "\(count) \(sum)" : "no such thing"
                return send(head.uri == "/sum" ? .ok : .notFound, ByteBuffer(string: text), to: head, context)
            }
            var range = 0..<size
            var status = HTTPResponseStatus.ok
            if let wanted = head.headers.first(name: "range")?.dropFirst(6).split(separator: "-").compactMap({ Int($0) }),
                wanted.count == 2, wanted[0] <= wanted[1], wanted[1] < size
            {
                range = wanted[0]..<(wanted[1] + 1)
                status = .partialContent
            }
            let body = ByteBuffer(bytes: OriginServer.bytes(range))
            send(status, body, to: head, isChunked: parts[0] == "chunks", context)
        }

        private func send(
            _ status: HTTPResponseStatus, _ body: ByteBuffer, to head: HTTPRequestHead, isChunked: Bool = false,
            _ context: ChannelHandlerContext
        ) {
            var answer = HTTPResponseHead(version: .http1_1, status: status)
            if isChunked {
                answer.headers.add(name: "transfer-encoding", value: "chunked")
            } else {
                answer.headers.add(name: "content-length", value: String(body.readableBytes))
            }
            context.write(wrapOutboundOut(.head(answer)), promise: nil)
            if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
