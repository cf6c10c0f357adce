// SPDX-License-Identifier: Apache-2.0

/// Regular expressions of the kind that proxies run (RE2): no look-around, no back-references, 1,024 bytes at most.
package enum RegexSyntax {
    package static let longest = 1024

    /// Nil when fine, else what is wrong with it.
    package static func problem(_ pattern: String) -> String? {
        guard pattern.utf8.count <= longest else { return "is longer than \(longest) bytes" }
        var escaped = false
        var inClass = false
        let bytes = Array(pattern.utf8)
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            let byte = bytes[index]
            if escaped {
                if (49...57).contains(byte), !inClass { return "has a back-reference, which RE2 does not know" }
                escaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"): escaped = true
            case UInt8(ascii: "["): inClass = true
            case UInt8(ascii: "]"): inClass = false
            case UInt8(ascii: "(") where !inClass:
                let rest = bytes[(index + 1)...].prefix(3)
                if rest.starts(with: "?=".utf8) || rest.starts(with: "?!".utf8) || rest.starts(with: "?<=".utf8)
                    || rest.starts(with: "?<!".utf8)
                {
                    return "uses look-around, which RE2 does not know"
                }
            default: break
            }
        }
        if escaped { return "ends in a backslash" }
        do {
            _ = try Regex(pattern)
            return nil
        } catch {
            return "is not a regular expression: \(error)"
        }
    }
}
