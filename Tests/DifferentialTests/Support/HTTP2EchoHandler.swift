// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP1
import HTTP2
import NIOCore

/// One connection of the upstream that speaks HTTP/2: answers each stream with what it got, or as `answer=` in its path says.
final class HTTP2EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Request {
        var head: RequestHead
        var body = ""
    }

    private let machine = HTTP2Connection(role: .server)
    private var inbound = ByteBuffer()
    private var requests: [UInt32: Request] = [:]

    func channelActive(context: ChannelHandlerContext) { self.write(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.inbound.writeBuffer(&bytes)
        while let event = try? self.machine.next(&self.inbound, now: .now()) { self.handle(event, context) }
        self.write(context)
    }

    private func handle(_ event: HTTP2Event, _ context: ChannelHandlerContext) {
        switch event {
        case .request(let id, let head, _, _): self.requests[id] = Request(head: head)
        case .data(let id, let data, let cost):
            self.requests[id]?.body += String(buffer: data)
            self.machine.consumed(cost, on: id)
        case .end(let id, let trailers):
            guard let request = self.requests.removeValue(forKey: id) else { return }
            self.answer(request, trailers, on: id, context)
        case .reset(let id, _): self.requests[id] = nil
        default: break
        }
    }

    private func answer(_ request: Request, _ trailers: HeaderBlock?, on id: UInt32, _ context: ChannelHandlerContext) {
        let path = request.head.pathAndQuery.string
        let name = path.range(of: "answer=").map { String(path[$0.upperBound...]) } ?? ""
        let fields = request.head.headers.pairs.map { "\($0.name): \($0.value)" }
        var echo = EchoUpstream.mark + "\n" + (["\(request.head.method.name) \(path)"] + fields).joined(separator: "\n") + "\n\n"
        echo += request.body + (trailers?.pairs.map { "\n(trailer) \($0.name): \($0.value)" }.joined() ?? "")
        switch name {
        case "reset": return self.machine.reset(id, .internalError)
        case "refused": return self.machine.reset(id, .refusedStream)
        case "cancel": return self.machine.reset(id, .cancel)
        case "goaway":
            self.machine.goAway(.noError)
            self.send(200, echo, on: id)
        case "close": context.close(promise: nil)
        case "trailers": self.send(200, echo, HeaderBlock([("x-t", "1"), ("grpc-status", "0")]), on: id)
        case "trailers-only":
            let head = ResponseHead(status: 200, headers: [("content-type", "application/grpc"), ("grpc-status", "5")])
            self.machine.sendResponse(head, on: id, endStream: true)
        case "early-hints":
            self.machine.sendResponse(ResponseHead(status: 103, headers: [("link", "</a>")]), on: id, endStream: false)
            self.send(200, echo, on: id)
        case "half":
            self.machine.sendResponse(ResponseHead(status: 200), on: id, endStream: false)
            self.machine.sendData(ByteBuffer(string: "half"), on: id)
            self.machine.reset(id, .internalError)
        case "connection":
            let head = ResponseHead(status: 200, headers: [("connection", "close")])
            self.machine.sendResponse(head, on: id, endStream: true)
        case "204", "304", "404", "503":
            self.machine.sendResponse(ResponseHead(status: UInt16(name) ?? 0), on: id, endStream: true)
        default: self.send(200, request.head.method == .head ? "" : echo, on: id)
        }
    }

    private func send(_ status: UInt16, _ body: String, _ trailers: HeaderBlock? = nil, on id: UInt32) {
        self.machine.sendResponse(ResponseHead(status: status, headers: [("x-up", "2")]), on: id, endStream: body.isEmpty)
        guard !body.isEmpty else { return }
        self.machine.sendData(ByteBuffer(string: body), on: id)
        self.machine.sendEnd(trailers, on: id)
    }

    private func write(_ context: ChannelHandlerContext) {
        self.machine.writeOutput({ context.write(self.wrapOutboundOut($0), promise: nil) }, flush: { context.flush() })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
