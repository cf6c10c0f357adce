// SPDX-License-Identifier: Apache-2.0

import Testing

/// One request and one answer, and how each side speaks.
struct MessagePair: Sendable, CustomTestStringConvertible {
    enum Client: String, Sendable, CaseIterable {
        case http2 = "h2"
        case http11 = "1.1"
        case http11Close = "1.1 close"
        case http10 = "1.0"
        case http10Kept = "1.0 kept"
    }

    /// How the endpoint says where its answer ends.
    enum Server: String, Sendable, CaseIterable {
        case length, chunked
        case close = "by close"
        case http10Length = "1.0 length"
        case http10Kept = "1.0 kept"
        case http10Close = "1.0 by close"
        case http2 = "h2"
        case http2Length = "h2 length"

        var isHTTP2: Bool { self == .http2 || self == .http2Length }
        /// The head says how long the body is, or would be.
        var saysLength: Bool { [.length, .http10Length, .http10Kept, .http2Length].contains(self) }
    }

    var client: Client
    var server: Server
    var method: String
    var status: Int

    var testDescription: String { "\(self.method) \(self.status), \(self.client.rawValue) to \(self.server.rawValue)" }

    static let body = "fine"

    static let all: [MessagePair] = Client.allCases.flatMap { client in
        Server.allCases.flatMap { server in
            ["GET", "HEAD"].flatMap { method in
                [200, 204, 205, 304, 404].map { MessagePair(client: client, server: server, method: method, status: $0) }
            }
        }
    }

    // MARK: What the endpoint says

    private var hasBody: Bool { self.method != "HEAD" && ![204, 205, 304].contains(self.status) }

    /// The head does not say that nothing follows.
    private var mayHaveBody: Bool { self.hasBody || !self.server.isHTTP2 }

    /// Of the answer to GET, which HEAD and 304 may name too.
    private var length: Int? {
        switch self.status {
        case 204: nil
        case 205: 0
        default: Self.body.utf8.count
        }
    }

    /// The whole of it, for HTTP/1, and whether the connection closes behind it.
    var http1Answer: (text: String, closes: Bool) {
        let isOld = [.http10Length, .http10Kept, .http10Close].contains(self.server)
        var head = "HTTP/1.\(isOld ? 0 : 1) \(self.status) X\r\n"
        if self.server == .http10Kept { head += "connection: keep-alive\r\n" }
        if self.server.saysLength, let length = self.length { head += "content-length: \(length)\r\n" }
        let isChunked = self.server == .chunked && self.status != 204
        if isChunked { head += "transfer-encoding: chunked\r\n" }
        var text = head + "\r\n"
        if isChunked, self.method != "HEAD", self.status != 304 {
            text += self.hasBody ? "4\r\n\(Self.body)\r\n0\r\n\r\n" : "0\r\n\r\n"
        } else if self.hasBody {
            text += Self.body
        }
        return (text, [.close, .http10Length, .http10Close].contains(self.server))
    }

    /// For HTTP/2.
    var http2Answer: (fields: [(String, String)], body: String?) {
        var fields = [(":status", "\(self.status)")]
        if self.server.saysLength, let length = self.length { fields.append(("content-length", "\(length)")) }
        return (fields, self.hasBody ? Self.body : nil)
    }

    // MARK: What the client must see

    var expectedBody: String { self.hasBody ? Self.body : "" }

    /// What the endpoint said of the length of GET's answer reaches the client also where there is no body.
    var expectedLength: Int? {
        if self.server.saysLength, let length = self.length { return length }
        // The end of an answer without a body is seen at once.
        return nil
    }

    /// After the answer the client's connection takes another request.
    var staysOpen: Bool {
        switch self.client {
        case .http2, .http11: true
        case .http11Close, .http10: false
        // Its end can only be shown by closing where no length is known.
        case .http10Kept: self.method == "HEAD" || [204, 304].contains(self.status) || self.server.saysLength || !self.mayHaveBody
        }
    }
}
