// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

@testable import HTTP2

/// What one end makes of the bytes that the other sends. A server answers each request; a client has four open.
struct FrameTranscript {
    private let connection: HTTP2Connection
    private let role: HTTP2Role
    private(set) var lines: [String] = []
    private(set) var failure: HTTP2Error?
    private(set) var output: [UInt8] = []
    private(set) var requests: [(RequestHead, BodyLength)] = []
    private(set) var responses: [(ResponseHead, BodyLength, to: HTTPMethod)] = []
    private(set) var mostStreams = 0

    init(role: HTTP2Role, limits: HTTP2Limits) {
        self.role = role
        self.connection = HTTP2Connection(role: role, limits: limits)
        guard role == .client else { return }
        for method in [HTTPMethod.get, .head, .post, .get] {
            let id = self.connection.sendRequest(
                RequestHead(method: method, authority: "a"), scheme: "http", endStream: method != .post)
            if let id, method == .post { self.connection.sendData(ByteBuffer(repeating: 1, count: 200_000), on: id) }
        }
    }

    mutating func read(_ pieces: [ArraySlice<UInt8>]) {
        var buffer = ByteBuffer()
        do {
            for piece in pieces {
                buffer.writeBytes(piece)
                while let event = try self.connection.next(&buffer, now: .uptimeNanoseconds(0)) { self.take(event) }
            }
        } catch {
            self.failure = error
        }
        for part in self.connection.takeOutput() { self.output += Array(part.readableBytesView) }
    }

    /// Whether the output ends in a GOAWAY that speaks of an error.
    var saysError: Bool {
        guard let last = FrameBytes(self.output)?.frames.last, last.type == 7 else { return false }
        return last.payload.suffix(4) != [0, 0, 0, 0]
    }

    private mutating func take(_ event: HTTP2Event) {
        self.lines += ConnectionPair.text(event)
        self.mostStreams = max(self.mostStreams, self.connection.openStreams)
        switch event {
        case .request(let stream, let head, let length, let protocolName):
            // A tunnel's head is not the one of HTTP/1.
            if protocolName == nil { self.requests.append((head, length)) }
            self.connection.sendResponse(ResponseHead(status: 200, headers: [("x", "y")]), on: stream, endStream: false)
            self.connection.sendData(ByteBuffer(repeating: 2, count: 20_000), on: stream)
            self.connection.sendEnd(nil, on: stream)
        case .oversizedRequest(let stream):
            self.connection.sendResponse(ResponseHead(status: 431), on: stream, endStream: true)
        case .response(let stream, let head, let length):
            self.responses.append((head, length, to: stream == 3 ? .head : .get))
        case .data(let stream, _, let cost): self.connection.consumed(cost, on: stream)
        default: break
        }
    }
}
