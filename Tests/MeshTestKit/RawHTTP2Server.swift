// SPDX-License-Identifier: Apache-2.0

/// The server's end of an HTTP/2 connection, for an upstream that says what a test tells it to, right or wrong.
package struct RawHTTP2Server: Sendable {
    package let connection: RawConnection

    /// The `number`th connection of `server`, which gets our settings.
    package init(_ server: RawServer, connection number: Int, settings: [UInt8] = []) async throws {
        self.connection = try await server.connection(number)
        try await self.connection.send(RawHTTP2.frame(4, payload: settings) + RawHTTP2.frame(4, flags: 1))
    }

    package func send(_ bytes: [UInt8]) async throws { try await self.connection.send(bytes) }

    /// What has come after the preface.
    package static func frames(_ answer: RawAnswer) -> [RawHTTP2.Frame] {
        RawHTTP2.frames(Array(answer.bytes.dropFirst(RawHTTP2.preface.count)))
    }

    /// The streams of the requests that have come, once there are `count`.
    @discardableResult
    package func requests(_ count: Int) async throws -> [UInt32] {
        let answer = await self.connection.receive(within: .seconds(10)) { Self.heads($0).count >= count }
        guard Self.heads(answer).count >= count else { throw WaitTimeout(description: "waited for \(count) requests") }
        return Self.heads(answer)
    }

    private static func heads(_ answer: RawAnswer) -> [UInt32] {
        Self.frames(answer).filter { $0.type == 1 }.map(\.stream)
    }

    /// Waits for `count` bytes of a request's body.
    package func body(of stream: UInt32, count: Int) async throws -> [UInt8] {
        func body(_ answer: RawAnswer) -> [UInt8] {
            Self.frames(answer).filter { $0.type == 0 && $0.stream == stream }.flatMap(\.payload)
        }
        let answer = await self.connection.receive(within: .seconds(10)) { body($0).count >= count }
        guard body(answer).count >= count else { throw WaitTimeout(description: "waited for \(count) bytes") }
        return body(answer)
    }

    /// A head of status 200, and the body, if there is one, as the whole of it.
    package func answer(_ stream: UInt32, body: String? = nil, fields: [(String, String)] = []) async throws {
        var bytes = RawHTTP2.headers([(":status", "200")] + fields, stream: stream, ends: false)
        if let body { bytes += RawHTTP2.data(Array(body.utf8), stream: stream, ends: true) }
        try await self.send(bytes)
    }

    package func goAway(last: UInt32, code: UInt32 = 0) async throws {
        try await self.send(RawHTTP2.frame(7, payload: RawHTTP2.number(last) + RawHTTP2.number(code)))
    }

    package func reset(_ stream: UInt32, code: UInt32) async throws {
        try await self.send(RawHTTP2.frame(3, stream: stream, payload: RawHTTP2.number(code)))
    }
}
