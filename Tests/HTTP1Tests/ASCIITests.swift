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
                        ByteSearch.first(in: $0, from: start, { $0 .== 0x3F }, orOne: { $0 == 0x3F })
                    }
                    #expect(found == (place < start ? length : place))
                }
                let none = plain.withUnsafeBytes {
                    ByteSearch.first(in: $0, from: start, { $0 .== 0x3F }, orOne: { $0 == 0x3F })
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
                let found = bytes.withUnsafeBytes { ByteSearch.first(in: $0, from: 0, { $0 .< 0x20 }, orOne: { $0 < 0x20 }) }
                #expect(found == first)
            }
        }
    }
}
