// SPDX-License-Identifier: Apache-2.0

/// Regular expressions that every proxy of the mesh runs: what RE2 takes (no look-around, no back-references, no possessive or
/// atomic groups), 1,024 bytes at most, and what Swift's own engine takes as well.
package enum RegexSyntax {
    package static let longest = 1024
    /// RE2's bound of a counted repetition.
    private static let mostRepetitions = 1000
    private static let knownEscapes = Set("aftnrvdDsSwWxpPbBAzCQE".utf8)

    /// Nil when fine, else what is wrong with it.
    package static func problem(_ pattern: String) -> String? {
        guard pattern.utf8.count <= longest else { return "is longer than \(longest) bytes" }
        if let problem = foreignConstruct(Array(pattern.utf8)) { return problem }
        do {
            _ = try Regex(pattern)
            return nil
        } catch {
            return "is not a regular expression: \(error)"
        }
    }

    /// What other engines take and RE2 does not.
    private static func foreignConstruct(_ bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        var inClass = false
        var afterQuantifier = false
        while let byte = rest.popFirst() {
            let wasQuantifier = afterQuantifier
            afterQuantifier = false
            switch byte {
            case UInt8(ascii: "\\"):
                if let problem = escape(&rest) { return problem }
            case UInt8(ascii: "["): inClass = true
            case UInt8(ascii: "]"): inClass = false
            case _ where inClass: break
            case UInt8(ascii: "("):
                if rest.first == UInt8(ascii: "?"), !isKnownGroup(rest.dropFirst()) {
                    return "has a group that RE2 does not know: look-around, atomic or a comment"
                }
            case UInt8(ascii: "+") where wasQuantifier: return "has a possessive quantifier, which RE2 does not know"
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): afterQuantifier = true
            case UInt8(ascii: "{"):
                guard let counts = repetition(rest) else { break }
                if counts.contains(where: { $0 > mostRepetitions }) { return "repeats more than \(mostRepetitions) times" }
                rest = rest.drop { $0 != UInt8(ascii: "}") }.dropFirst()
                afterQuantifier = true
            default: break
            }
        }
        return nil
    }

    /// After a backslash.
    private static func escape(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let byte = rest.popFirst() else { return "ends in a backslash" }
        if (48...57).contains(byte) {
            return byte == 48 ? nil : "has a back-reference, which RE2 does not know"
        }
        let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
        guard !isLetter || knownEscapes.contains(byte) else { return "has an escape that RE2 does not know" }
        if byte == UInt8(ascii: "x") {
            let isHex = { (byte: UInt8) in Character(Unicode.Scalar(byte)).isHexDigit }
            guard rest.first == UInt8(ascii: "{") || (rest.count >= 2 && rest.prefix(2).allSatisfy(isHex)) else {
                return "has `\\x` without two hexadecimal digits"
            }
        }
        if byte == UInt8(ascii: "Q") {
            while !rest.isEmpty, !rest.starts(with: "\\E".utf8) { rest = rest.dropFirst() }
        }
        return nil
    }

    /// After `(?`: a name, or flags.
    private static func isKnownGroup(_ rest: ArraySlice<UInt8>) -> Bool {
        if rest.starts(with: "P<".utf8) { return true }
        if rest.first == UInt8(ascii: "<") {
            return rest.count > 1 && ![UInt8(ascii: "="), UInt8(ascii: "!")].contains(rest[rest.startIndex + 1])
        }
        let end = rest.drop { Set("imsU-".utf8).contains($0) }.first
        return end == UInt8(ascii: ":") || end == UInt8(ascii: ")")
    }

    /// The counts of `{2}`, `{2,}`, `{2,3}`; nil when the brace stands for itself.
    private static func repetition(_ rest: ArraySlice<UInt8>) -> [Int]? {
        let inside = rest.prefix { $0 != UInt8(ascii: "}") }
        guard inside.count < rest.count, !inside.isEmpty else { return nil }
        let parts = inside.split(separator: UInt8(ascii: ","), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } }), parts.first?.isEmpty == false else { return nil }
        return parts.filter { !$0.isEmpty }.map { Int(String(decoding: $0, as: UTF8.self)) ?? Int.max }
    }
}
