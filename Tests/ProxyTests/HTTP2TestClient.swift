// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore
import NIOPosix

/// A client of one HTTP/2 connection without TLS, that sends requests at once and collects what comes.
final class HTTP2TestClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct Request: Sendable {
        var head: RequestHead
        var body = ""

        init(_ method: HTTPMethod = .get, _ target: String = "/", headers: [(String, String)] = [], body: String = "") {
            self.head = RequestHead(method: method, target: target, authority: "a", headers: headers)
            self.body = body
        }
    }

    private let machine = HTTP2Connection(role: .client)
    private let requests: [Request]
    private let promise: EventLoopPromise<[String]>
    private var inbound = ByteBuffer()
    private var order: [UInt32] = []
    private var answers: [UInt32: String] = [:]
    private var open: Set<UInt32> = []

    private init(_ requests: [Request], _ promise: EventLoopPromise<[String]>) {
        self.requests = requests
        self.promise = promise
    }

    /// What each request got: `status body trailers`, or `reset code`, in the order of the requests.
    static func exchange(_ requests: [Request], port: Int, group: MultiThreadedEventLoopGroup) async throws -> [String] {
        let promise = group.next().makePromise(of: [String].self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HTTP2TestClient(requests, promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let answers = try await promise.futureResult.get()
        try await channel.close().get()
        return answers
    }

    func channelActive(context: ChannelHandlerContext) {
        for request in self.requests {
            guard let id = self.machine.sendRequest(request.head, scheme: "http", endStream: request.body.isEmpty) else { continue }
            self.order.append(id)
            self.open.insert(id)
            if !request.body.isEmpty {
                self.machine.sendData(ByteBuffer(string: request.body), on: id)
                self.machine.sendEnd(nil, on: id)
            }
        }
        self.write(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.inbound.writeBuffer(&bytes)
        do {
            while let event = try self.machine.next(&self.inbound, now: .now()) { self.handle(event) }
        } catch { self.promise.fail(error) }
        self.write(context)
        if self.open.isEmpty { self.promise.succeed(self.order.map { self.answers[$0] ?? "" }) }
    }

    func channelInactive(context: ChannelHandlerContext) { self.promise.fail(ChannelError.eof) }

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .response(let id, let head, _): self.answers[id, default: ""] += "\(head.status) "
        case .data(let id, let data, let cost):
            self.answers[id, default: ""] += String(buffer: data)
            self.machine.consumed(cost, on: id)
        case .end(let id, let trailers):
            for field in trailers?.pairs ?? [] { self.answers[id, default: ""] += " \(field.name)=\(field.value)" }
            self.open.remove(id)
        case .reset(let id, let code), .malformed(let id, let code):
            self.answers[id, default: ""] += "reset \(code.rawValue)"
            self.open.remove(id)
        default: break
        }
    }

    private func write(_ context: ChannelHandlerContext) {
        self.machine.writeOutput({ context.write(self.wrapOutboundOut($0), promise: nil) }, flush: { context.flush() })
    }
}
