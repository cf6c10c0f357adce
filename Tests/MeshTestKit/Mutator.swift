// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes changed copies of valid inputs, for tests of parsers: the same ones in every run, because all of them follow from a number.
///
/// `MALLA_MUTATION_FACTOR` multiplies the rounds, `MALLA_MUTATION_FIRST` begins at another one, `MALLA_MUTATION_TRACE` prints the
/// number of each before it begins: for the one after which there is no process any more.
package struct Mutator: RandomNumberGenerator, CustomStringConvertible {
    private let round: UInt64
    private var state: UInt64
    private let tokens: [[UInt8]]

    /// Bytes at which parsers decide something.
    private static let telling: [UInt8] =
        Array("\0\t\n\r \"#%&'*+,-./0:;<=>?@[\\]_{|}~\u{7F}".utf8) + [0x80, 0xBF, 0xC0, 0xFE, 0xFF]
    private static let numbers = [
        "0", "-1", "1", "00", "+1", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "315576000000", "315576000001", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1e308", "1e-320", "0.1", "99999999999999999999999999",
    ].map { Array($0.utf8) }

    package init(round: Int, tokens: [[UInt8]] = []) {
        self.round = UInt64(truncatingIfNeeded: round)
        self.state = self.round &* 0xD134_2543_DE82_EF95
        self.tokens = tokens
    }

    /// One for each round.
    /// - Parameter tokens: What is worth a try in inputs of this kind.
    package static func rounds(_ count: Int, tokens: [String] = []) -> some Sequence<Mutator> {
        let first = Self.setting("MALLA_MUTATION_FIRST") ?? 0
        let isTraced = Self.setting("MALLA_MUTATION_TRACE") != nil
        let tokens = tokens.map { Array($0.utf8) }
        return (first..<(first + count * (Self.setting("MALLA_MUTATION_FACTOR") ?? 1))).lazy.map { round in
            if isTraced { _ = Array("round \(round)\n".utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) } }
            return Mutator(round: round, tokens: tokens)
        }
    }

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    package var description: String { "round \(self.round)" }

    /// SplitMix64.
    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// 0 ..< `bound`; 0 where that is empty.
    package mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(self.next() % UInt64(bound)) : 0 }

    package mutating func chance(_ one: Int, in all: Int) -> Bool { self.below(all) < one }

    package mutating func pick<C: RandomAccessCollection>(_ values: C) -> C.Element {
        values[values.index(values.startIndex, offsetBy: self.below(values.count))]
    }

    package mutating func changed(_ text: String) -> String { String(decoding: self.changed(Array(text.utf8)), as: UTF8.self) }

    /// A copy with one change, or with a few.
    /// - Parameter other: Where parts may come from, beside the input itself.
    package mutating func changed(_ input: [UInt8], other: [UInt8] = []) -> [UInt8] {
        var bytes = input
        repeat { self.change(&bytes, other) } while self.chance(1, in: 2)
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = self.below(bytes.count)
        switch self.below(11) {
        case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(self.below(8))
        case 1 where !bytes.isEmpty: bytes[place] = self.pick(Self.telling)
        case 2 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: self.next())
        case 3 where !bytes.isEmpty: bytes[place] = bytes[place] &+ (self.chance(1, in: 2) ? 1 : 255)
        case 4: bytes.insert(self.pick(Self.telling), at: place)
        case 5: bytes.removeSubrange(self.part(of: bytes))
        case 6: bytes.insert(contentsOf: bytes[self.part(of: bytes)], at: place)
        case 7 where !other.isEmpty: bytes.insert(contentsOf: other[self.part(of: other)], at: place)
        case 8 where !self.tokens.isEmpty:
            let length = self.chance(1, in: 2) ? 0 : self.below(min(12, bytes.count - place + 1))
            bytes.replaceSubrange(place..<(place + length), with: self.pick(self.tokens))
        case 9: self.changeNumber(&bytes, from: place)
        default: if self.chance(1, in: 4) { bytes.removeSubrange(place...) } else { bytes[self.part(of: bytes)].reverse() }
        }
    }

    /// Mostly short.
    private mutating func part(of bytes: [UInt8]) -> Range<Int> {
        let start = self.below(bytes.count)
        let most = bytes.count - start
        return start..<(start + self.below(min(most, self.chance(1, in: 4) ? 64 : 8) + 1))
    }

    private mutating func changeNumber(_ bytes: inout [UInt8], from place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: self.pick(Self.numbers))
    }

    /// The bytes in pieces: single ones, some, or many at once.
    package mutating func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let most = self.pick([1, 2, 7, 40, 300])
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + self.below(most))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }
}
