// SPDX-License-Identifier: Apache-2.0

/// XXH64, the hash that Envoy's ring and Maglev tables use. Not for security.
package enum XXHash64 {
    private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

    package static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        var text = text
        return text.withUTF8 { self.hash(UnsafeRawBufferPointer($0), seed: seed) }
    }

    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        var offset = 0
        var result: UInt64
        if bytes.count >= 32 {
            var lanes = [seed &+ p1 &+ p2, seed &+ p2, seed, seed &- p1]
            while offset + 32 <= bytes.count {
                for lane in 0..<4 { lanes[lane] = self.round(lanes[lane], self.word(bytes, offset + lane * 8)) }
                offset += 32
            }
            result = self.rotate(lanes[0], 1) &+ self.rotate(lanes[1], 7) &+ self.rotate(lanes[2], 12) &+ self.rotate(lanes[3], 18)
            for lane in lanes { result = (result ^ self.round(0, lane)) &* p1 &+ p4 }
        } else {
            result = seed &+ p5
        }
        result &+= UInt64(bytes.count)
        while offset + 8 <= bytes.count {
            result = self.rotate(result ^ self.round(0, self.word(bytes, offset)), 27) &* p1 &+ p4
            offset += 8
        }
        if offset + 4 <= bytes.count {
            let half = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            result = self.rotate(result ^ (half &* p1), 23) &* p2 &+ p3
            offset += 4
        }
        while offset < bytes.count {
            result = self.rotate(result ^ (UInt64(bytes[offset]) &* p5), 11) &* p1
            offset += 1
        }
        result = (result ^ (result >> 33)) &* p2
        result = (result ^ (result >> 29)) &* p3
        return result ^ (result >> 32)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { (value << count) | (value >> (64 - count)) }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 { self.rotate(lane &+ input &* p2, 31) &* p1 }
}
