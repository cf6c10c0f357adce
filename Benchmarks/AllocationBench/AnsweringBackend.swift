// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Answers every request on every connection with the same bytes, on a thread for each.
final class AnsweringBackend: Sendable {
    let port: UInt16
    private let listener: BlockingSocket
    private let answer: [UInt8]

    init(bodyLength: Int) throws {
        (self.listener, self.port) = try BlockingSocket.listening()
        let head = "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sat, 21 Nov 2026 08:00:00 GMT\r\nContent-Type: text/plain\r\n"
        self.answer =
            Array("\(head)Content-Length: \(bodyLength)\r\nX-Backend: one\r\n\r\n".utf8)
            + [UInt8](repeating: UInt8(ascii: "x"), count: bodyLength)
    }

    func start() {
        Thread.detachNewThread {
            while let connection = try? self.listener.accepted() {
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    /// Requests have no bodies here: each ends with its empty line.
    private func serve(_ connection: BlockingSocket) {
        var state = 0
        let end: [UInt8] = [13, 10, 13, 10]
        while let bytes = try? connection.receive(), !bytes.isEmpty {
            for byte in bytes {
                state = byte == end[state] ? state + 1 : byte == 13 ? 1 : 0
                guard state == end.count else { continue }
                state = 0
                guard (try? connection.send(self.answer)) != nil else { return }
            }
        }
    }
}
