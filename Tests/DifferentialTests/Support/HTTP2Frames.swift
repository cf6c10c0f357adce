// SPDX-License-Identifier: Apache-2.0

/// What a client of HTTP/2 writes, right or wrong: the preface, its settings, and frames.
struct HTTP2Frames {
    enum Kind: UInt8 {
        case data = 0
        case headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    static let endStream: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let padded: UInt8 = 0x8
    static let hasPriority: UInt8 = 0x20

    private(set) var bytes: [UInt8]

    /// - Parameter settings: By number (RFC 9113 6.5.2).
    init(settings: [(UInt16, UInt32)] = []) {
        self.bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        let payload = settings.flatMap { Self.big($0.0) + Self.big($0.1) }
        self = self.frame(.settings, on: 0, payload)
    }

    /// Without preface and settings.
    init(bare bytes: [UInt8]) { self.bytes = bytes }

    func frame(_ kind: Kind, _ flags: UInt8 = 0, on stream: UInt32, _ payload: [UInt8] = []) -> HTTP2Frames {
        self.frame(number: kind.rawValue, flags, on: stream, payload)
    }

    /// - Parameter length: What the frame says of its payload, where that is a lie.
    func frame(number: UInt8, _ flags: UInt8 = 0, on stream: UInt32, _ payload: [UInt8] = [], length: Int? = nil) -> HTTP2Frames {
        var frames = self
        frames.bytes += Self.big(UInt32(length ?? payload.count)).dropFirst()
        frames.bytes += [number, flags] + Self.big(stream) + payload
        return frames
    }

    func raw(_ bytes: [UInt8]) -> HTTP2Frames {
        var frames = self
        frames.bytes += bytes
        return frames
    }

    /// A head in one frame.
    func head(_ fields: [(String, String)], on stream: UInt32 = 1, ends: Bool = true) -> HTTP2Frames {
        self.frame(.headers, Self.endHeaders | (ends ? Self.endStream : 0), on: stream, Self.block(fields))
    }

    func data(_ text: String, on stream: UInt32 = 1, ends: Bool = true) -> HTTP2Frames {
        self.frame(.data, ends ? Self.endStream : 0, on: stream, Array(text.utf8))
    }

    /// Literal fields that no table keeps (RFC 7541 6.2.2), without Huffman code.
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + Self.string($0.0) + Self.string($0.1) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var prefix: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            prefix.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return prefix + [UInt8(rest)] + bytes
    }

    static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    static func big(_ value: UInt32) -> [UInt8] { Self.big(UInt16(value >> 16)) + Self.big(UInt16(value & 0xFFFF)) }
}
