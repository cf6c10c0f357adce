// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP1

struct ASCIITests {
    @Test("eight bytes at once become lower case as each would alone, at every place")
    func words() {
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                var bytes: [UInt8] = [0x41, 0x5A, 0x40, 0x5B, 0x2D, 0x80, 0xC1, 0xFF]
                bytes[place] = byte
                let word = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
                let lower = withUnsafeBytes(of: ASCII.lowercase(word)) { Array($0) }
                #expect(lower == bytes.map { ASCII.lowercase($0) })
            }
        }
    }

    @Test("names of every length compare without regard to case, and every byte counts", arguments: 1...40)
    func names(length: Int) {
        let lower = (0..<length).map { UInt8(0x61 + $0 % 26) }
        let upper = lower.map { $0 - 0x20 }
        #expect(upper.withUnsafeBytes { ASCII.equalIgnoringCase($0, lowercase: lower) })
        for place in 0..<length {
            var other = upper
            other[place] = 0x2D
            #expect(!other.withUnsafeBytes { ASCII.equalIgnoringCase($0, lowercase: lower) })
        }
    }

    @Test("the end of a token is found wherever it stands, whatever the byte")
    func tokens() {
        for length in [0, 1, 7, 8, 9, 16, 20] {
            for place in 0...length {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8]("Content-Length-Of-It".utf8.prefix(length))
                    bytes.insert(byte, at: place)
                    let wanted = bytes.firstIndex { !ASCII.isToken($0) } ?? bytes.count
                    #expect(bytes.withUnsafeBytes { ASCII.endOfToken($0, from: 0) } == wanted)
                }
            }
        }
    }

    @Test("what is looked for is found at its place only, whatever stands around and before the start")
    func search() {
        for length in 0...50 {
            let plain = [UInt8](repeating: 0x61, count: length)
            for start in 0...length {
                for place in 0..<length {
                    var bytes = plain
                    bytes[place] = 0x3F
                    // One before the start must not count.
                    let found = bytes.withUnsafeBytes {
                        ByteSearch.first(in: $0, from: start, { ByteSearch.equal($0, 0x3F) }, orOne: { $0 == 0x3F })
                    }
                    #expect(found == (place < start ? length : place))
                }
                let none = plain.withUnsafeBytes {
                    ByteSearch.first(in: $0, from: start, { ByteSearch.equal($0, 0x3F) }, orOne: { $0 == 0x3F })
                }
                #expect(none == length)
            }
        }
    }

    @Test("the first of several is found")
    func searchFirst() {
        for first in 0..<40 {
            for second in first..<40 {
                var bytes = [UInt8](repeating: 0xFF, count: 40)
                bytes[first] = 0
                bytes[second] = 0
                let found = bytes.withUnsafeBytes { ByteSearch.first(in: $0, from: 0, ByteSearch.controls, orOne: { $0 < 0x20 }) }
                #expect(found == first)
            }
        }
    }

    @Test("sixteen bytes at once are told apart as each would be alone, at every place")
    func lanes() {
        for place in 0..<16 {
            for byte in UInt8.min...UInt8.max {
                // Around it the bytes that are nearest to the borders of what is looked for.
                for other: UInt8 in [0x00, 0x1F, 0x20, 0x2C, 0x2F, 0x3A, 0x40, 0x5B, 0x7E, 0x7F, 0x80, 0xFF, 0x61] {
                    var lanes = SIMD16<UInt8>(repeating: other)
                    lanes[place] = byte
                    let isUsual = byte == 0x2D || byte == 0x2E || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
                    #expect(ByteSearch.unusual(lanes)[place] >> 7 == (isUsual ? 0 : 1))
                    #expect(ByteSearch.controls(lanes)[place] >> 7 == (byte < 0x20 || byte == 0x7F ? 1 : 0))
                    #expect(ByteSearch.invisible(lanes)[place] >> 7 == (byte <= 0x20 || byte >= 0x7F ? 1 : 0))
                    #expect(ByteSearch.equal(lanes, 0x3F)[place] >> 7 == (byte == 0x3F ? 1 : 0))
                }
            }
        }
    }

    @Test("texts of every length are the same only if every byte is", arguments: 0...40)
    func same(length: Int) {
        let text = (0..<length).map { UInt8($0) }
        #expect(text.withUnsafeBytes { one in Array(text).withUnsafeBytes { TextSlice.isSame(one, $0) } })
        #expect(!text.withUnsafeBytes { one in (text + [0]).withUnsafeBytes { TextSlice.isSame(one, $0) } })
        for place in 0..<length {
            var other = text
            other[place] ^= 0x80
            #expect(!text.withUnsafeBytes { one in other.withUnsafeBytes { TextSlice.isSame(one, $0) } })
        }
    }
}
