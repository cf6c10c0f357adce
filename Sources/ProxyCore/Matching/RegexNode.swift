// SPDX-License-Identifier: Apache-2.0

/// A parsed pattern.
indirect enum RegexNode {
    case empty
    case bytes(ByteSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// `maximum` nil: any number.
    case repetition(RegexNode, minimum: Int, maximum: Int?, greedy: Bool)
    case group(RegexNode, index: Int?)
    case begin
    case end
    case wordBoundary(Bool)
}

/// A set of byte values.
struct ByteSet: Sendable, Hashable {
    private var low: (UInt64, UInt64) = (0, 0)
    private var high: (UInt64, UInt64) = (0, 0)

    static func == (left: ByteSet, right: ByteSet) -> Bool { left.low == right.low && left.high == right.high }

    func hash(into hasher: inout Hasher) {
        hasher.combine(low.0)
        hasher.combine(low.1)
        hasher.combine(high.0)
        hasher.combine(high.1)
    }

    func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(1) << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: low.0 & bit != 0
        case 1: low.1 & bit != 0
        case 2: high.0 & bit != 0
        default: high.1 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: low.0 |= bit
        case 1: low.1 |= bit
        case 2: high.0 |= bit
        default: high.1 |= bit
        }
    }

    mutating func insert(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }

    mutating func formUnion(_ other: ByteSet) {
        low = (low.0 | other.low.0, low.1 | other.low.1)
        high = (high.0 | other.high.0, high.1 | other.high.1)
    }

    var inverted: ByteSet {
        var set = ByteSet()
        set.low = (~low.0, ~low.1)
        set.high = (~high.0, ~high.1)
        return set
    }

    /// With both cases of every ASCII letter in it.
    var ignoringCase: ByteSet {
        var set = self
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
            if contains(letter) { set.insert(letter - 32) }
            if contains(letter - 32) { set.insert(letter) }
        }
        return set
    }

    static let digit: ByteSet = .of([48...57])
    static let word: ByteSet = .of([48...57, 65...90, 97...122, 95...95])
    static let space: ByteSet = .of([9...10, 12...13, 32...32])
    static let anyButLineEnd: ByteSet = ByteSet.of([10...10]).inverted

    static func of(_ ranges: [ClosedRange<UInt8>]) -> ByteSet {
        var set = ByteSet()
        for range in ranges { set.insert(range) }
        return set
    }
}
