// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Proxy

@Suite struct ClientHelloTests {
    private static func sized(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }

    /// The handshake message, without records.
    static func message(_ name: String, _ protocols: [String], padding: Int = 0) -> [UInt8] {
        var extensions: [UInt8] = []
        // First what nobody reads.
        if padding > 0 { extensions += [0, 21] + Self.sized([UInt8](repeating: 0, count: padding)) }
        extensions += [0, 0] + Self.sized(Self.sized([0] + Self.sized(Array(name.utf8))))
        extensions += [0, 16] + Self.sized(Self.sized(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }))
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 0x01, 1, 0] + Self.sized(extensions)
        return [1, 0] + Self.sized(body)
    }

    static func records(_ message: [UInt8], of size: Int) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap {
            [22, 3, 1] + Self.sized(Array(message[$0..<min($0 + size, message.count)]))
        }
    }

    private static let hello = ClientHello(serverName: "one.example", applicationProtocols: ["h2", "http/1.1"])

    @Test(arguments: [16_000, 200, 40, 3]) func `names are read from one record, or from many`(size: Int) {
        let bytes = Self.records(Self.message("One.Example", ["h2", "http/1.1"]), of: size)
        #expect(ClientHello.inspect(ByteBuffer(bytes: bytes)) == .hello(Self.hello))
        for count in 0..<bytes.count { #expect(ClientHello.inspect(ByteBuffer(bytes: bytes[..<count])) == .needsMore) }
    }

    @Test func `a hello of many kilobytes is read, a larger one only known for TLS`() {
        let large = Self.records(Self.message("one.example", ["h2", "http/1.1"], padding: 15_000), of: 4000)
        #expect(ClientHello.inspect(ByteBuffer(bytes: large)) == .hello(Self.hello))
        let tooLarge = Self.records(Self.message("one.example", ["h2"], padding: 17_000), of: 4000)
        #expect(ClientHello.inspect(ByteBuffer(bytes: tooLarge)) == .hello(ClientHello()))
    }

    @Test(
        arguments: [
            [0x16, 0x02], [0x16, 3, 1, 0, 0], [0x16, 3, 1, 0xFF, 0xFF], [0x16, 3, 1, 0, 4, 2], [0x15, 3, 1], [0x47, 0x45, 0x54],
            Self.records(Self.message("one.example", []), of: 1),
        ] as [[UInt8]])
    func `something else is not TLS`(bytes: [UInt8]) {
        #expect(ClientHello.inspect(ByteBuffer(bytes: bytes)) == .notTLS)
    }

    @Test func `a message ends where it says, however it is cut into records`() {
        var message = Self.message("one.example", ["h2"])
        let length = 44
        message[3] = UInt8(length)
        for size in [message.count, length + 4, 20] {
            #expect(ClientHello.inspect(ByteBuffer(bytes: Self.records(message, of: size))) == .hello(ClientHello()))
        }
    }

    @Test func `a record of another kind in the middle is not TLS`() {
        var bytes = Self.records(Self.message("a", ["h2"]), of: 40)
        bytes[45] = 23
        #expect(ClientHello.inspect(ByteBuffer(bytes: bytes)) == .notTLS)
    }
}
