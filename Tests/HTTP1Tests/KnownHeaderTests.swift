// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP1

@Suite struct KnownHeaderTests {
    private static func header(_ name: [UInt8]) -> KnownHeader { name.withUnsafeBytes { KnownHeader(name: $0) } }

    @Test(arguments: KnownHeader.allCases.filter { $0 != .other })
    func `a name is known in any case, and nothing that differs in a byte`(_ header: KnownHeader) {
        let name = Array(header.name.utf8)
        #expect(Self.header(name) == header)
        #expect(Self.header(Array(header.name.uppercased().utf8)) == header)
        #expect(
            Self.header(name.enumerated().map { $0.offset % 2 == 0 && $0.element > 0x60 ? $0.element - 0x20 : $0.element })
                == header)
        for place in name.indices {
            var other = name
            // No name has this letter with a high bit, and none has it in place of a dash.
            for byte: UInt8 in [name[place] | 0x80, 0x5F, 0x00, name[place] ^ 0x40] where byte != name[place] {
                other[place] = byte
                #expect(Self.header(other) == .other)
            }
        }
        #expect(Self.header(name + [0x78]) == .other)
        #expect(Self.header([0x78] + name) == .other)
        if name.count > 1 { #expect(Self.header(Array(name.dropLast())) == .other) }
    }

    @Test(arguments: [
        "", "x", "xy", "x-version", "x-envoy-peer-metadata-xx", "x-envoy-upstream-rq-timeout-xx",
        String(repeating: "y", count: 300),
    ])
    func `what is not known is another`(_ name: String) { #expect(Self.header(Array(name.utf8)) == .other) }
}
