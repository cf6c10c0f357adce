// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Proxy

struct RequestIdentifierTests {
    @Test(arguments: [
        (UInt64(0), UInt64(0), "00000000-0000-4000-8000-000000000000"),
        (UInt64.max, UInt64.max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, "01234567-89ab-4def-bedc-ba9876543210"),
    ]) func `two words become a version-4 UUID`(_ high: UInt64, _ low: UInt64, _ expected: String) {
        var bytes = [UInt8](repeating: 0, count: RequestIdentifier.length)
        bytes.withUnsafeMutableBytes { RequestIdentifier.write(high, low, into: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
}
