// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The first message of a TLS client, read without a handshake: for choosing a filter chain (RFC 8446 4.1.2).
struct ClientHello: Sendable, Hashable {
    var serverName: String?
    var applicationProtocols: [String] = []

    enum Inspection: Sendable, Hashable {
        case needsMore
        case notTLS
        case hello(ClientHello)
    }

    /// Longer ones are not read.
    static let maximumLength = 16 * 1024
    /// As many records as a hello may come in: each costs five bytes, and a client that sends single bytes has something in mind.
    private static let maximumRecords = 64

    static func inspect(_ buffer: ByteBuffer) -> Inspection {
        var bytes = buffer
        var message = ByteBuffer()
        for record in 0..<Self.maximumRecords {
            guard let type = bytes.readInteger(as: UInt8.self) else { return .needsMore }
            guard type == 22 else { return .notTLS }
            guard let major = bytes.readInteger(as: UInt8.self) else { return .needsMore }
            guard major == 3 else { return .notTLS }
            guard bytes.readInteger(as: UInt8.self) != nil, let length = bytes.readInteger(as: UInt16.self) else {
                return .needsMore
            }
            guard length > 0, length <= Self.maximumLength else { return .notTLS }
            if record == 0, let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self), first != 1 { return .notTLS }
            guard var fragment = bytes.readSlice(length: Int(length)) else { return .needsMore }
            message.writeBuffer(&fragment)
            // Type, then the length of what follows.
            guard let head = message.getInteger(at: message.readerIndex, as: UInt32.self) else { continue }
            let wanted = 4 + Int(head & 0xFF_FFFF)
            guard wanted <= Self.maximumLength else { return .hello(ClientHello()) }
            // What follows in the same record is not of this message.
            if var whole = message.readSlice(length: wanted) { return .hello(Self.parse(&whole) ?? ClientHello()) }
        }
        return .notTLS
    }

    private static func parse(_ record: inout ByteBuffer) -> ClientHello? {
        // Type and 24-bit length, version, random.
        guard record.readSlice(length: 4 + 2 + 32) != nil,
            let session = record.readInteger(as: UInt8.self), record.readSlice(length: Int(session)) != nil,
            let ciphers = record.readInteger(as: UInt16.self), record.readSlice(length: Int(ciphers)) != nil,
            let compression = record.readInteger(as: UInt8.self), record.readSlice(length: Int(compression)) != nil,
            let length = record.readInteger(as: UInt16.self), var extensions = record.readSlice(length: Int(length))
        else { return nil }
        var hello = ClientHello()
        while let type = extensions.readInteger(as: UInt16.self), let length = extensions.readInteger(as: UInt16.self),
            var body = extensions.readSlice(length: Int(length))
        {
            switch type {
            case 0: hello.serverName = Self.serverName(&body)
            case 16: hello.applicationProtocols = Self.protocols(&body)
            default: break
            }
        }
        return hello
    }

    private static func serverName(_ body: inout ByteBuffer) -> String? {
        guard body.readInteger(as: UInt16.self) != nil, body.readInteger(as: UInt8.self) == 0,
            let length = body.readInteger(as: UInt16.self)
        else { return nil }
        return body.readString(length: Int(length))?.lowercased()
    }

    private static func protocols(_ body: inout ByteBuffer) -> [String] {
        var names: [String] = []
        guard body.readInteger(as: UInt16.self) != nil else { return names }
        while let length = body.readInteger(as: UInt8.self), let name = body.readString(length: Int(length)) { names.append(name) }
        return names
    }
}
