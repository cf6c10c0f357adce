// SPDX-License-Identifier: Apache-2.0

import NIOCore
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct ProxyProtocolHeaderTests {
    static let source = IPEndpoint(bytes: [192, 0, 2, 1], port: 56324)
    static let destination = IPEndpoint(bytes: [203, 0, 113, 5], port: 443)
    static let source6 = IPEndpoint(bytes: [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1], port: 1)
    static let destination6 = IPEndpoint(bytes: [UInt8](repeating: 0, count: 15) + [1], port: 65535)

    private func inspect(_ bytes: [UInt8], keeping: ProxyProtocolSelection = .none) -> ProxyProtocolHeader.Inspection {
        ProxyProtocolHeader.inspect(ByteBuffer(bytes: bytes), versions: [.v1, .v2], keeping: keeping)
    }

    // MARK: Version 1

    @Test func `a line names both ends`() {
        let line = "PROXY TCP4 192.0.2.1 203.0.113.5 56324 443\r\n"
        let expected = ProxyProtocolHeader(
            version: .v1, ends: .init(source: Self.source, destination: Self.destination), values: [], length: line.utf8.count)
        #expect(inspect(Array((line + "GET /").utf8)) == .header(expected))
        let line6 = "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"
        let expected6 = ProxyProtocolHeader(
            version: .v1, ends: .init(source: Self.source6, destination: Self.destination6), values: [], length: line6.utf8.count)
        #expect(inspect(Array(line6.utf8)) == .header(expected6))
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 what ever 1 2\r\n"])
    func `a proxy may speak for itself`(line: String) {
        #expect(
            inspect(Array(line.utf8)) == .header(ProxyProtocolHeader(version: .v1, ends: nil, values: [], length: line.utf8.count)))
    }

    @Test func `every piece of a header is waited for`() {
        let line = Array("PROXY TCP4 192.0.2.1 203.0.113.5 56324 443\r\n".utf8)
        for count in 0..<line.count { #expect(inspect(Array(line[..<count])) == .needsMore) }
        let block = Array(
            ProxyProtocolHeader.bytes(
                ProxyProtocolOutput(version: .v2), ends: .init(source: Self.source6, destination: Self.destination6)
            ).readableBytesView)
        for count in 0..<block.count { #expect(inspect(Array(block[..<count])) == .needsMore) }
    }

    @Test(
        arguments: [
            "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8  1 2\r\n",
            "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 123456\r\n", "PROXY \n\r\n",
            "PROXY UNKNOWN " + String(repeating: "x", count: 107),
        ])
    func `a bad line is refused`(line: String) {
        guard case .invalid = inspect(Array(line.utf8)) else {
            Issue.record("\(line) is taken: \(inspect(Array(line.utf8)))")
            return
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "PROXYX", "proxy TCP4", "\r\n\r\nX", "\u{16}\u{3}\u{1}"])
    func `something else is no header`(text: String) { #expect(inspect(Array(text.utf8)) == .absent) }

    // MARK: Version 2

    static func block(_ command: UInt8, _ family: UInt8, _ rest: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? rest.count
        return ProxyProtocolHeader.signature2 + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + rest
    }

    static let addresses4: [UInt8] = [192, 0, 2, 1, 203, 0, 113, 5, 0xDC, 0x04, 0x01, 0xBB]

    @Test func `a block names both ends, and more`() {
        let values: [UInt8] = [0x01, 0, 2, 0x68, 0x32, 0xE0, 0, 1, 7, 0x04, 0, 0]
        let bytes = Self.block(0x21, 0x11, Self.addresses4 + values)
        var expected = ProxyProtocolHeader(
            version: .v2, ends: .init(source: Self.source, destination: Self.destination), values: [], length: bytes.count)
        #expect(inspect(bytes + [1, 2, 3]) == .header(expected))
        expected.values = [ProxyProtocolValue(type: 0xE0, bytes: [7])]
        #expect(inspect(bytes, keeping: .types([0xE0])) == .header(expected))
        expected.values = [
            ProxyProtocolValue(type: 1, bytes: [0x68, 0x32]), ProxyProtocolValue(type: 0xE0, bytes: [7]),
            ProxyProtocolValue(type: 4, bytes: []),
        ]
        #expect(inspect(bytes, keeping: .all) == .header(expected))
    }

    @Test func `a health check is the proxy's own`() {
        let bytes = Self.block(0x20, 0x00, [1, 2, 3])
        #expect(inspect(bytes) == .header(ProxyProtocolHeader(version: .v2, ends: nil, values: [], length: bytes.count)))
    }

    @Test(
        arguments: [
            Self.block(0x11, 0x11, Self.addresses4), Self.block(0x22, 0x11, Self.addresses4),
            Self.block(0x21, 0x00, []), Self.block(0x21, 0x31, [UInt8](repeating: 0, count: 216)),
            Self.block(0x21, 0x13, Self.addresses4), Self.block(0x21, 0x11, Array(Self.addresses4.dropLast())),
            Self.block(0x21, 0x21, Self.addresses4),
        ])
    func `a bad block is refused`(bytes: [UInt8]) {
        guard case .invalid = inspect(bytes) else {
            Issue.record("taken: \(inspect(bytes))")
            return
        }
    }

    @Test(arguments: [[0x01, 0, 2, 0x68], [0x01, 0], [0x01]] as [[UInt8]])
    func `values that are cut short are refused where they are wanted`(values: [UInt8]) {
        let bytes = Self.block(0x21, 0x11, Self.addresses4 + values)
        #expect(inspect(bytes, keeping: .types([9])) == .invalid("values are cut short"))
        guard case .header = inspect(bytes) else {
            Issue.record("refused though nobody looks")
            return
        }
    }

    @Test func `a version that is not taken is no header`() {
        let line = ByteBuffer(string: "PROXY UNKNOWN\r\n")
        #expect(ProxyProtocolHeader.inspect(line, versions: [.v2]) == .absent)
        #expect(ProxyProtocolHeader.inspect(ByteBuffer(bytes: Self.block(0x20, 0, [])), versions: [.v1]) == .absent)
    }

    // MARK: Writing

    @Test func `what is written can be read`() throws {
        let kept = [ProxyProtocolValue(type: 1, bytes: [1]), ProxyProtocolValue(type: 2, bytes: [2])]
        let pairs = [(Self.source, Self.destination), (Self.source6, Self.destination6)]
        for (source, destination) in pairs {
            let ends = ProxyProtocolHeader.Ends(source: source, destination: destination)
            let line = ProxyProtocolHeader.bytes(ProxyProtocolOutput(version: .v1), ends: ends, kept: kept)
            #expect(
                inspect(Array(line.readableBytesView))
                    == .header(ProxyProtocolHeader(version: .v1, ends: ends, values: [], length: line.readableBytes)))
            let output = ProxyProtocolOutput(
                version: .v2, passedValues: .all, addedValues: [ProxyProtocolValue(type: 2, bytes: [9])])
            let block = ProxyProtocolHeader.bytes(output, ends: ends, kept: kept)
            let values = [ProxyProtocolValue(type: 2, bytes: [9]), ProxyProtocolValue(type: 1, bytes: [1])]
            #expect(
                inspect(Array(block.readableBytesView), keeping: .all)
                    == .header(ProxyProtocolHeader(version: .v2, ends: ends, values: values, length: block.readableBytes)))
        }
    }

    @Test func `without addresses the proxy speaks for itself`() {
        let mixed = ProxyProtocolHeader.Ends(source: Self.source, destination: Self.destination6)
        for ends in [nil, mixed] {
            #expect(
                ProxyProtocolHeader.bytes(ProxyProtocolOutput(version: .v1), ends: ends) == ByteBuffer(string: "PROXY UNKNOWN\r\n"))
            #expect(
                ProxyProtocolHeader.bytes(ProxyProtocolOutput(version: .v2), ends: ends)
                    == ByteBuffer(bytes: Self.block(0x20, 0, [])))
        }
    }
}
