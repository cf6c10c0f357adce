// SPDX-License-Identifier: Apache-2.0

/// Sends requests on one HTTP/1 connection, one after the other.
struct HTTP1Load {
    private let socket: BlockingSocket
    private let request: [UInt8]

    /// - Parameter headers: `Name: value`.
    init(port: UInt16, headers: [String]) throws {
        self.socket = try BlockingSocket.connected(to: port)
        let lines = headers.map { "\($0)\r\n" }.joined()
        let host = headers.contains { $0.lowercased().hasPrefix("host:") } ? "" : "Host: bench\r\n"
        self.request = Array("GET /path?query=1 HTTP/1.1\r\n\(host)\(lines)\r\n".utf8)
    }

    func exchange(count: Int) throws {
        for _ in 0..<count {
            try self.socket.send(self.request)
            var answer: [UInt8] = []
            // The answer's body is 128 times `x`, which no head ends with.
            while answer.count < 128 || answer.last != UInt8(ascii: "x") {
                let part = try self.socket.receive()
                guard !part.isEmpty else {
                    throw BlockingSocket.Failure(description: "closed after \(String(decoding: answer, as: UTF8.self))")
                }
                answer += part
                if answer.starts(with: "HTTP/1.1 200".utf8) { continue }
                throw BlockingSocket.Failure(description: "answer: \(String(decoding: answer, as: UTF8.self))")
            }
        }
    }
}
