// SPDX-License-Identifier: Apache-2.0

/// Refuses, before composing, a YAML text in which aliases may stand for keys: composing hashes keys, and aliases to aliases make
/// that take time exponential in the length of the text. Aliases as values are counted while the tree is made.
enum AliasGuard {
    /// With this few, whatever they are nested in stays small.
    private static let harmless = 20

    static func isSuspicious(_ text: String) -> Bool {
        var aliases = 0
        var hasComplexKey = false
        var previous: UInt8 = 10
        var inAlias = false
        var closed = false
        for byte in text.utf8 {
            let isSpace = byte == 32 || byte == 9 || byte == 10 || byte == 13
            let startsToken = [32, 9, 10, 13, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(previous)
            if byte == UInt8(ascii: "*"), startsToken {
                aliases += 1
                inAlias = true
                closed = false
            } else if byte == UInt8(ascii: ":") {
                // `*a :`, `[…]:`, `{…}:`; also `*a:`, whatever it means.
                if inAlias || closed { hasComplexKey = true }
            } else if byte == UInt8(ascii: "?"), startsToken {
                hasComplexKey = true
            } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                closed = true
                inAlias = false
            } else if byte == 10 || byte == UInt8(ascii: ",") {
                inAlias = false
                closed = false
            } else if !isSpace, closed {
                closed = false
            }
            previous = byte
            if aliases > harmless, hasComplexKey { return true }
        }
        return false
    }
}
