// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import MeshTestKit
import NIOCore
import NIOPosix
import Synchronization

/// A client with one tunnel over HTTP/2: CONNECT, or extended CONNECT.
final class HTTP2TunnelClient: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<Handler>
    private let state: State

    private final class State: Sendable {
        /// `200 `, then what the tunnel said; `end` or `reset CODE` in brackets.
        let text = Mutex("")
    }

    init(
        group: MultiThreadedEventLoopGroup, port: Int, authority: String = "a:80", path: String = "/", protocolName: String?
    ) async throws {
        let state = State()
        self.state = state
        let loop = group.next()
        self.channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(state)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.handler = try await self.channel.pipeline.handler(type: Handler.self).map { NIOLoopBound($0, eventLoop: loop) }.get()
        try await self.run { $0.open(authority: authority, path: path, protocolName: protocolName) }
    }

    var text: String { self.state.text.withLock { $0 } }

    func send(_ text: String) async throws { try await self.run { $0.send(text) } }
    func finishOutput() async throws { try await self.run { $0.finish() } }
    func close() async { try? await self.channel.close().get() }

    @discardableResult
    func wait(for part: String) async throws -> String {
        try await waitUntil("\(part) in \(self.text)", within: .seconds(10)) { self.text.contains(part) }
        return self.text
    }

    private func run(_ body: @escaping @Sendable (Handler) -> Void) async throws {
        let handler = self.handler
        try await self.channel.eventLoop.submit { body(handler.value) }.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let machine = HTTP2Connection(role: .client)
        private let state: State
        private var context: ChannelHandlerContext?
        private var inbound = ByteBuffer()
        private var stream: UInt32?

        init(_ state: State) { self.state = state }

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func open(authority: String, path: String, protocolName: String?) {
            let head = RequestHead(
                method: .connect, target: protocolName == nil ? authority : path, authority: authority, headers: [])
            self.stream = self.machine.sendRequest(
                head, scheme: "http", endStream: false, protocolName: protocolName.map { TextSlice($0) })
            self.write()
        }

        func send(_ text: String) {
            guard let stream = self.stream else { return }
            self.machine.sendData(ByteBuffer(string: text), on: stream)
            self.write()
        }

        func finish() {
            guard let stream = self.stream else { return }
            self.machine.sendEnd(nil, on: stream)
            self.write()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = self.unwrapInboundIn(data)
            self.inbound.writeBuffer(&bytes)
            do {
                while let event = try self.machine.next(&self.inbound, now: .now()) { self.handle(event) }
            } catch { self.note("[error]") }
            self.write()
        }

        func channelInactive(context: ChannelHandlerContext) { self.note("[closed]") }

        private func handle(_ event: HTTP2Event) {
            switch event {
            case .response(_, let head, _): self.note("\(head.status) ")
            case .data(let id, let data, let cost):
                self.note(String(buffer: data))
                self.machine.consumed(cost, on: id)
            case .end: self.note("[end]")
            case .reset(_, let code), .malformed(_, let code): self.note("[reset \(code.rawValue)]")
            default: break
            }
        }

        private func note(_ text: String) { self.state.text.withLock { $0 += text } }

        private func write() {
            self.machine.writeOutput(
                { self.context?.write(self.wrapOutboundOut($0), promise: nil) }, flush: { self.context?.flush() })
        }
    }
}
