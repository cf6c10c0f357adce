// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP1
import HTTP2
import NIOCore

/// Answers every request over HTTP/2 in the same way, on a thread for each connection: 128 bytes, or a gRPC message with trailers.
final class HTTP2Backend: Sendable {
    let port: UInt16
    private let listener: BlockingSocket
    private let isGRPC: Bool

    init(isGRPC: Bool) throws {
        (self.listener, self.port) = try BlockingSocket.listening()
        self.isGRPC = isGRPC
    }

    func start() {
        Thread.detachNewThread {
            while let connection = try? self.listener.accepted() {
                Thread.detachNewThread { try? self.serve(connection) }
            }
        }
    }

    private func serve(_ socket: BlockingSocket) throws {
        let machine = HTTP2Connection(role: .server)
        var inbound = ByteBuffer()
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 128)
        let head = ResponseHead(
            version: .http2, status: 200,
            headers: self.isGRPC
                ? [("content-type", "application/grpc")] : [("content-type", "text/plain"), ("content-length", "128")])
        let trailers = self.isGRPC ? HeaderBlock([("grpc-status", "0"), ("grpc-message", "")]) : nil
        while true {
            var output: [UInt8] = []
            machine.writeOutput({ output += Array(buffer: $0) }, flush: {})
            if !output.isEmpty { try socket.send(output) }
            let bytes = try socket.receive()
            guard !bytes.isEmpty else { return }
            inbound.writeBytes(bytes)
            while let event = try machine.next(&inbound, now: .now()) {
                switch event {
                case .data(let stream, _, let cost): machine.consumed(cost, on: stream)
                case .end(let stream, _):
                    machine.sendResponse(head, on: stream, endStream: false)
                    machine.sendData(body, on: stream)
                    machine.sendEnd(trailers, on: stream)
                default: break
                }
            }
        }
    }
}
