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
        case .reset(let id, _), .malformed(let id, _): self.requests[id] = nil
        default: break
        }
    }

    private func answer(_ request: Request, _ trailers: HeaderBlock?, on id: UInt32, _ context: ChannelHandlerContext) {
        let path = request.head.pathAndQuery.string
        let attempt = request.head.headers.pairs.first { $0.name == "x-envoy-attempt-count" }.flatMap { Int($0.value) } ?? 1
        var name = path.range(of: "answer=").map { String(path[$0.upperBound...]) } ?? ""
        if name.hasPrefix("until-2-") { name = attempt < 2 ? String(name.dropFirst(8)) : "" }
        let fields = request.head.headers.pairs.map { "\($0.name): \($0.value)" }
        var echo = EchoUpstream.mark + "\n" + (["\(request.head.method.name) \(path)"] + fields).joined(separator: "\n") + "\n\n"
        echo += request.body + (trailers?.pairs.map { "\n(trailer) \($0.name): \($0.value)" }.joined() ?? "")
        if let frames = HTTP2Answers.frames(name, on: id) {
            return context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: frames.bytes)), promise: nil)
        }
        switch name {
        case "reset": return self.machine.reset(id, .internalError)
        case "refused": return self.machine.reset(id, .refusedStream)
        case "cancel": return self.machine.reset(id, .cancel)
        case "goaway":
            self.machine.goAway(.noError)
            self.send(200, echo, on: id)
        // That it will go, and what it has taken, before the answer.
        case "goaway-announced":
            self.goAway(0x7FFF_FFFF, context)
            self.send(200, echo, on: id)
            self.write(context)
            self.goAway(id, context)
        case "goaway-none": self.goAway(0, context)
        case "goaway-error":
            self.goAway(id, code: 2, context)
            context.close(promise: nil)
        case "goaway-close":
            self.goAway(id, context)
            context.close(promise: nil)
        case "goaway-half":
            self.machine.sendResponse(ResponseHead(status: 200), on: id, endStream: false)
            self.machine.sendData(ByteBuffer(string: "half"), on: id)
            self.write(context)
            self.goAway(id, context)
            self.machine.sendData(ByteBuffer(string: " and half"), on: id)
            self.machine.sendEnd(nil, on: id)
        case "close-half":
            self.machine.sendResponse(ResponseHead(status: 200), on: id, endStream: false)
            self.machine.sendData(ByteBuffer(string: "half"), on: id)
            self.write(context)
            context.close(promise: nil)
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

    /// Past the codec, which would hold to it.
    private func goAway(_ last: UInt32, code: UInt32 = 0, _ context: ChannelHandlerContext) {
        var frame = ByteBuffer(bytes: [0, 0, 8, 7, 0, 0, 0, 0, 0])
        frame.writeMultipleIntegers(last, code)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
    }

    private func write(_ context: ChannelHandlerContext) {
        self.machine.writeOutput({ context.write(self.wrapOutboundOut($0), promise: nil) }, flush: { context.flush() })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
