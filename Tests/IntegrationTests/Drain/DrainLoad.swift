// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Synchronization

/// Clients that ask without a pause, on connections that they keep until they are told to leave.
final class DrainLoad: Sendable {
    enum Way: String, Sendable { case http1, http2 }

    struct Counts: Sendable {
        var answered = 0
        /// Connections whose end was announced: `connection: close`, or GOAWAY.
        var told = 0
        /// Connections that could not be made: nobody listens any more.
        var refused = 0
        var failures: [String] = []
    }

    private struct State {
        var counts = Counts()
        var isOver = false
    }

    private let state = Mutex(State())

    var counts: Counts { self.state.withLock { $0.counts } }

    func stop() { self.state.withLock { $0.isOver = true } }

    private var isOver: Bool { self.state.withLock { $0.isOver } }

    private func count(_ change: (inout Counts) -> Void) { self.state.withLock { change(&$0.counts) } }

    /// Until `stop`, or until nobody listens.
    func run(_ way: Way, clients: Int, port: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask {
                    while !self.isOver, await self.connection(way, port: port) {}
                }
            }
        }
    }

    /// One connection's life; false where none could be made.
    private func connection(_ way: Way, port: Int) async -> Bool {
        guard let connection = try? await RawConnection.open(port: port) else {
            self.count { $0.refused += 1 }
            return false
        }
        switch way {
        case .http1: await self.http1(connection)
        case .http2: await self.http2(connection)
        }
        await connection.close()
        return true
    }

    /// A connection is left after so many requests, so that there are always new ones too.
    private static let requests = 60

    private func http1(_ connection: RawConnection) async {
        var seen = 0
        for number in 0..<Self.requests where !self.isOver {
            let isUpload = number % 3 == 1
            let expected = isUpload ? "\r\n\r\n4 " : "\r\n0\r\n\r\n"
            do {
                if isUpload {
                    try await connection.send("POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
                    try await connection.send("cd")
                } else {
                    try await connection.send("GET /chunks/\(number % 3 == 0 ? 10 : 20_000) HTTP/1.1\r\nHost: a\r\n\r\n")
                }
            } catch {
                return self.count { $0.failures.append("http1, request \(number): \(error)") }
            }
            let start = seen
            let answer = await connection.receive(within: .seconds(20)) {
                $0.bytes.count > start && String(decoding: $0.bytes[start...], as: UTF8.self).contains(expected)
            }
            let text = String(decoding: answer.bytes[min(start, answer.bytes.count)...], as: UTF8.self)
            guard text.hasPrefix("HTTP/1.1 200 OK\r\n"), text.contains(expected) else {
                return self.count { $0.failures.append("http1, request \(number): \(text.prefix(200)) closed: \(answer.isClosed)") }
            }
            seen = answer.bytes.count
            self.count { $0.answered += 1 }
            guard !text.lowercased().contains("\r\nconnection: close\r\n") else { return self.count { $0.told += 1 } }
        }
    }

    private func http2(_ connection: RawConnection) async {
        try? await connection.send(RawHTTP2.preface + RawHTTP2.frame(4))
        for number in 0..<Self.requests where !self.isOver {
            let stream = UInt32(number * 2 + 1)
            do {
                if number % 2 == 0 {
                    try await connection.send(RawHTTP2.request(stream: stream, path: "/bytes/100"))
                } else {
                    try await connection.send(RawHTTP2.request(stream: stream, method: "POST", path: "/sum", ends: false))
                    try await connection.send(RawHTTP2.data(Array("abcd".utf8), stream: stream, ends: true))
                }
            } catch {
                return self.count { $0.failures.append("http2, stream \(stream): \(error)") }
            }
            let answer = await connection.receive(within: .seconds(20)) { RawHTTP2.ending(of: stream, $0) != nil }
            guard RawHTTP2.ending(of: stream, answer) == .status(200) else {
                let ending = RawHTTP2.ending(of: stream, answer).map { "\($0)" } ?? "nothing"
                return self.count { $0.failures.append("http2, stream \(stream): \(ending)") }
            }
            self.count { $0.answered += 1 }
            guard RawHTTP2.goAways(answer).isEmpty else { return self.count { $0.told += 1 } }
        }
    }
}
