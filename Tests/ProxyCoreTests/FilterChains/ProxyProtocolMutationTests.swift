// SPDX-License-Identifier: Apache-2.0

import MeshTestKit
import NIOCore
import ProxyModel
import Testing

@testable import ProxyCore

/// Changed PROXY headers: nothing traps, what is decided stays so whatever follows, and what is read can be written and read again.
@Suite struct ProxyProtocolMutationTests {
    private static let values: [UInt8] = [0x01, 0, 2, 0x68, 0x32, 0xE0, 0, 1, 7, 0x04, 0, 0]
    private static let seeds: [[UInt8]] =
        [
            "PROXY TCP4 192.0.2.1 203.0.113.5 56324 443\r\nGET / HTTP/1.1\r\n", "PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 1 65535\r\n",
            "PROXY UNKNOWN what ever\r\n",
        ].map { Array($0.utf8) } + [
            ProxyProtocolHeaderTests.block(0x21, 0x11, ProxyProtocolHeaderTests.addresses4 + Self.values),
            ProxyProtocolHeaderTests.block(0x21, 0x21, [UInt8](repeating: 1, count: 36) + Self.values),
            ProxyProtocolHeaderTests.block(0x20, 0x00, [1, 2, 3]),
        ]

    private static func inspect(_ bytes: some Sequence<UInt8>) -> ProxyProtocolHeader.Inspection {
        ProxyProtocolHeader.inspect(ByteBuffer(bytes: bytes), versions: [.v1, .v2], keeping: .all)
    }

    @Test func `headers`() {
        for var mutator in Mutator.rounds(
            1000, tokens: ["\r\n", "PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "::", "65536", " ", "256."])
        {
            let bytes = mutator.changed(mutator.pick(Self.seeds), other: mutator.pick(Self.seeds))
            let whole = Self.inspect(bytes)
            if let first = (0..<bytes.count).first(where: { Self.inspect(bytes[..<$0]) != .needsMore }) {
                let decided = Self.inspect(bytes[..<first])
                #expect(decided == whole, "\(mutator): \(bytes): after \(first) bytes \(decided), in the end \(whole)")
            }
            guard case .header(let header) = whole else { continue }
            #expect(header.length <= bytes.count, "\(mutator)")
            // Two families (one address is of IPv4 in IPv6) do not fit into one header.
            if let ends = header.ends, ends.source.bytes.count != ends.destination.bytes.count { continue }
            for version in [ProxyProtocolVersion.v1, .v2] {
                let output = ProxyProtocolOutput(version: version, passedValues: .all)
                let written = ProxyProtocolHeader.bytes(output, ends: header.ends, kept: header.values)
                var expected = header
                expected.version = version
                expected.length = written.readableBytes
                if version == .v1 { expected.values = [] }
                #expect(Self.inspect(written.readableBytesView) == .header(expected), "\(mutator)")
            }
        }
    }
}
