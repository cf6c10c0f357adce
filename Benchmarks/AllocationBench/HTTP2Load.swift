// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore

/// Sends requests on one HTTP/2 connection, sixteen at a time, and waits for the answers of all before the next sixteen.
struct HTTP2Load {
    private static let streams = 16

    private let socket: BlockingSocket
    private let head: RequestHead
    private let body: ByteBuffer?
    private let machine = HTTP2Connection(role: .client)
    private var inbound = ByteBuffer()

    /// - Parameter headers: `name: value`.
    init(port: UInt16, isGRPC: Bool, headers: [String]) throws {
        self.socket = try BlockingSocket.connected(to: port)
        var fields = headers.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].drop { $0 == " " }.description)
        }
        let host = fields.first { $0.0 == "host" }?.1 ?? "bench"
        fields.removeAll { $0.0 == "host" }
        self.head = RequestHead(
            method: isGRPC ? .post : .get, target: isGRPC ? "/bench.Echo/Unary" : "/path?query=1", authority: host, headers: fields,
            version: .http2)
        self.body = isGRPC ? ByteBuffer(repeating: 0, count: 5 + 32) : nil
    }

    mutating func exchange(count: Int) throws {
        var left = count
        while left > 0 {
            let batch = min(left, Self.streams)
            left -= batch
            for _ in 0..<batch {
                let stream = self.machine.sendRequest(self.head, scheme: "http", endStream: self.body == nil)
                guard let stream else { throw BlockingSocket.Failure(description: "the proxy takes no more streams") }
                guard let body = self.body else { continue }
                self.machine.sendData(body, on: stream)
                self.machine.sendEnd(nil, on: stream)
            }
            try self.readAnswers(batch)
        }
    }

    private mutating func readAnswers(_ count: Int) throws {
        var left = count
        while left > 0 {
            var output: [UInt8] = []
            self.machine.writeOutput({ output += Array(buffer: $0) }, flush: {})
            if !output.isEmpty { try self.socket.send(output) }
            let bytes = try self.socket.receive()
            guard !bytes.isEmpty else { throw BlockingSocket.Failure(description: "closed") }
            self.inbound.writeBytes(bytes)
            while let event = try self.machine.next(&self.inbound, now: .now()) {
                switch event {
                case .response(_, let head, _) where head.status != 200:
                    throw BlockingSocket.Failure(description: "answer \(head.status)")
                case .data(let stream, _, let cost): self.machine.consumed(cost, on: stream)
                case .end: left -= 1
                case .reset(let stream, let code): throw BlockingSocket.Failure(description: "stream \(stream) reset: \(code)")
                default: break
                }
            }
        }
    }
}
