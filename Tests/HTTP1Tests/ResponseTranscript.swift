// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// What a client makes of the bytes of a connection.
struct ResponseTranscript {
    private let method: HTTPMethod
    private let limits: HTTP1Limits
    private var parser: ResponseHeadParser
    private var body: BodyDecoder?
    private var isTunnel = false
    private(set) var lines: [String] = []
    private(set) var failure: HTTP1Error?
    private(set) var heads: [(ResponseHead, BodyLength)] = []

    /// - Parameter method: Of the request.
    init(method: HTTPMethod, limits: HTTP1Limits) {
        self.method = method
        self.limits = limits
        self.parser = ResponseHeadParser(limits: limits)
    }

    mutating func read(_ pieces: [ArraySlice<UInt8>]) {
        var buffer = ByteBuffer()
        do {
            for piece in pieces {
                buffer.writeBytes(piece)
                while !self.isTunnel, try self.step(&buffer) {}
            }
            if case .end? = try self.body?.inputClosed() { self.lines.append("closed") }
        } catch {
            self.failure = error
        }
    }

    /// False if more bytes are needed.
    private mutating func step(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> Bool {
        guard var decoder = self.body else {
            guard let head = try self.parser.next(&buffer) else { return false }
            let length = try BodyLength.of(head, to: self.method)
            self.heads.append((head, length))
            self.lines.append(
                "\(head.status) \(head.version) \(length) "
                    + head.headers.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ","))
            self.isTunnel = head.status == 101 || self.method == .connect && head.status >= 200 && head.status < 300
            self.body = BodyDecoder(length, limits: self.limits)
            return true
        }
        let event = try decoder.next(&buffer)
        self.body = decoder
        switch event {
        case .data(let data):
            // How a body is cut into parts follows from how it comes.
            if self.lines.last?.hasPrefix("data ") != true { self.lines.append("data ") }
            self.lines[self.lines.count - 1] += data.readableBytesView.map { String($0, radix: 16) + " " }.joined()
        case .end(let trailers):
            self.lines.append("end " + (trailers?.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ",") ?? ""))
            self.body = nil
        case nil: return false
        }
        return true
    }
}
