// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

@testable import HTTP2

/// A client and a server joined without sockets.
struct ConnectionPair {
    let client: HTTP2Connection
    let server: HTTP2Connection
    private var toServer = ByteBuffer()
    private var toClient = ByteBuffer()

    init(client: HTTP2Limits = HTTP2Limits(), server: HTTP2Limits = HTTP2Limits()) throws {
        self.client = HTTP2Connection(role: .client, limits: client)
        self.server = HTTP2Connection(role: .server, limits: server)
        _ = try self.exchange()
    }

    /// Carries bytes both ways until both are quiet; what each has heard, as text.
    mutating func exchange() throws -> (client: [String], server: [String]) {
        var atClient: [String] = []
        var atServer: [String] = []
        while true {
            let up = self.client.takeOutput()
            let down = self.server.takeOutput()
            guard !up.isEmpty || !down.isEmpty else { return (atClient, atServer) }
            for part in up { self.toServer.writeImmutableBuffer(part) }
            for part in down { self.toClient.writeImmutableBuffer(part) }
            while let event = try self.server.next(&self.toServer, now: .uptimeNanoseconds(0)) {
                atServer += Self.text(event)
                if case .data(let stream, _, let cost) = event { self.server.consumed(cost, on: stream) }
            }
            while let event = try self.client.next(&self.toClient, now: .uptimeNanoseconds(0)) {
                atClient += Self.text(event)
                if case .data(let stream, _, let cost) = event { self.client.consumed(cost, on: stream) }
            }
        }
    }

    static func text(_ event: HTTP2Event) -> [String] {
        switch event {
        case .request(let stream, let head, let length, let name):
            let fields = head.headers.pairs.map { " \($0.name)=\($0.value)" }.joined()
            return [
                "\(stream) \(head.method.name) \(head.pathAndQuery.string) \(length)\(name.map { " :" + $0.string } ?? "")\(fields)"
            ]
        case .oversizedRequest(let stream): return ["\(stream) oversized"]
        case .response(let stream, let head, let length):
            return ["\(stream) \(head.status) \(length)" + head.headers.pairs.map { " \($0.name)=\($0.value)" }.joined()]
        case .data(let stream, let data, _): return ["\(stream) data \(data.readableBytes)"]
        case .end(let stream, let trailers):
            return ["\(stream) end" + (trailers?.pairs.map { " \($0.name)=\($0.value)" }.joined() ?? "")]
        case .reset(let stream, let code): return ["\(stream) reset \(code.rawValue)"]
        case .malformed(let stream, let code): return ["\(stream) malformed \(code.rawValue)"]
        case .goAway(let last, let code): return ["goaway \(last) \(code.rawValue)"]
        case .drained, .settings, .pong: return []
        }
    }
}
