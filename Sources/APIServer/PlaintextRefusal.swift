// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Stands below TLS and looks at the first byte of a connection: a caller that speaks plain HTTP is told so in plain HTTP,
/// instead of being hung up on with an alert that it cannot read.
final class PlaintextRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State { case waiting, encrypted, refused }

    /// Content type of a TLS handshake record, RFC 8446 section 5.1.
    private static let handshake: UInt8 = 22
    /// For a caller that is still sending to read the answer before the connection is cut.
    private static let linger: TimeAmount = .seconds(2)

    private var state = State.waiting

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if state == .waiting, let first = unwrapInboundIn(data).getInteger(at: unwrapInboundIn(data).readerIndex, as: UInt8.self) {
            state = first == Self.handshake ? .encrypted : .refused
            if state == .refused { refuse(context) }
        }
        if state == .encrypted { context.fireChannelRead(data) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody above reads on for a refused caller; what it still sends is dropped here.
        if state == .refused { context.read() } else { context.fireChannelReadComplete() }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let failure = APIFailure.badRequest(
            "this port speaks HTTPS only: call it by https://; the kubeconfig that `malla up` wrote holds the address, the "
                + "certificate authority and the credential")
        let answer = failure.response
        guard case .data(let body) = answer.body else { return context.close(promise: nil) }
        var buffer = context.channel.allocator.buffer(capacity: 1024)
        buffer.writeString(
            "HTTP/1.1 400 Bad Request\r\ncontent-type: \(answer.contentType)\r\ncontent-length: \(body.count)\r\n"
                + "connection: close\r\n\r\n")
        buffer.writeBytes(body)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
    }
}
