// SPDX-License-Identifier: Apache-2.0

/// An HTTP/2 client that writes frames and fields as it is told, right or wrong.
package struct RawHTTP2: Sendable {
    /// A frame that came back.
    package struct Frame: Sendable {
        package var type: UInt8
        package var flags: UInt8
        package var stream: UInt32
        package var payload: [UInt8]
    }

    /// How a stream, or the connection, ended.
    package enum Ending: Equatable, Sendable {
        case status(Int)
        case reset(Int)
        case goAway(Int)
        /// Without a word.
        case closed
    }

    package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    package let connection: RawConnection

    /// - Parameter reads: Whether it takes what comes; else only from `connection.startReading` on.
    package init(port: Int, settings: [UInt8] = [], reads: Bool = true) async throws {
        self.connection = try await RawConnection.open(port: port, reads: reads)
        try await self.connection.send(Self.preface + Self.frame(4, payload: settings))
    }

    package static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = []) -> [UInt8] {
        let length = payload.count
        let head: [UInt8] = [
            UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, UInt8(stream >> 24 & 255),
            UInt8(stream >> 16 & 255), UInt8(stream >> 8 & 255), UInt8(stream & 255),
        ]
        return head + payload
    }

    package static func number(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24 & 255), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    /// GET or POST of `/` at `a`.
    package static func request(
        stream: UInt32, method: String = "GET", path: String = "/", _ fields: [(String, String)] = [], ends: Bool = true
    )
        -> [UInt8]
    {
        let head = [(":method", method), (":scheme", "http"), (":authority", "a"), (":path", path)]
        return Self.headers(head + fields, stream: stream, ends: ends)
    }

    package static func data(_ bytes: [UInt8], stream: UInt32, ends: Bool = false) -> [UInt8] {
        Self.frame(0, flags: ends ? 1 : 0, stream: stream, payload: bytes)
    }

    /// Fields as literals that nobody keeps, without Huffman's code.
    package static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + Self.string($0.0) + Self.string($0.1) }
    }

    package static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }

    package static func headers(_ fields: [(String, String)], stream: UInt32, ends: Bool = true) -> [UInt8] {
        Self.frame(1, flags: ends ? 5 : 4, stream: stream, payload: Self.block(fields))
    }

    package func send(_ bytes: [UInt8]) async throws { try await self.connection.send(bytes) }

    package static func frames(_ bytes: [UInt8]) -> [Frame] {
        var frames: [Frame] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { break }
            let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            frames.append(
                Frame(type: head[3], flags: head[4], stream: stream, payload: Array(rest.dropFirst(9).prefix(length))))
            rest = rest.dropFirst(9 + length)
        }
        return frames
    }

    /// Of a stream, or of the connection if that ends before it.
    package static func ending(of stream: UInt32, _ answer: RawAnswer) -> Ending? {
        var status: Int?
        for frame in Self.frames(answer.bytes) {
            if frame.type == 7, Self.code(frame.payload, at: 4) != 0 { return .goAway(Self.code(frame.payload, at: 4)) }
            guard frame.stream == stream else { continue }
            // An answer that is whole before the request was is followed by a reset of no error.
            if frame.type == 3, status == nil { return .reset(Self.code(frame.payload, at: 0)) }
            if frame.type == 1, status == nil { status = Self.status(frame.payload) }
            if frame.type < 2, frame.flags & 1 == 1, let status { return .status(status) }
        }
        return answer.isClosed ? .closed : nil
    }

    package func ending(of stream: UInt32, within limit: Duration = .seconds(10)) async -> Ending? {
        Self.ending(of: stream, await self.connection.receive(within: limit) { Self.ending(of: stream, $0) != nil })
    }

    /// The last streams of the GOAWAY frames that have come.
    package static func goAways(_ answer: RawAnswer) -> [Int] {
        Self.frames(answer.bytes).filter { $0.type == 7 }.map { Self.code($0.payload, at: 0) & 0x7FFF_FFFF }
    }

    /// What has come of a stream's body.
    package static func body(of stream: UInt32, _ answer: RawAnswer) -> [UInt8] {
        Self.frames(answer.bytes).filter { $0.type == 0 && $0.stream == stream }.flatMap(\.payload)
    }

    /// How many bytes of a stream's body the peer has allowed so far.
    package static func allowance(of stream: UInt32, _ answer: RawAnswer) -> Int {
        var (connection, own) = (65_535, 65_535)
        for frame in Self.frames(answer.bytes) {
            switch frame.type {
            case 4 where frame.flags & 1 == 0:
                for start in stride(from: 0, to: frame.payload.count, by: 6) where frame.payload[start + 1] == 4 {
                    own += Self.code(frame.payload, at: start + 2) - 65_535
                }
            case 8 where frame.stream == 0: connection += Self.code(frame.payload, at: 0)
            case 8 where frame.stream == stream: own += Self.code(frame.payload, at: 0)
            default: break
            }
        }
        return min(connection, own)
    }

    /// The code of the GOAWAY that ends the connection.
    package func end(within limit: Duration = .seconds(10)) async -> Ending? {
        let answer = await self.connection.receive(within: limit) { _ in false }
        guard answer.isClosed else { return nil }
        let last = Self.frames(answer.bytes).last { $0.type == 7 }
        return last.map { .goAway(Self.code($0.payload, at: 4)) } ?? .closed
    }

    private static func code(_ payload: [UInt8], at start: Int) -> Int {
        guard payload.count >= start + 4 else { return -1 }
        return payload[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Our own encoder puts the status first: indexed, or as a literal.
    private static func status(_ block: [UInt8]) -> Int? {
        guard let first = block.first else { return nil }
        if first & 0x80 != 0 { return [8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500][first & 0x7F] }
        guard first == 8, block.count >= 5, block[1] == 3 else { return nil }
        return Int(String(decoding: block[2...4], as: UTF8.self))
    }
}
