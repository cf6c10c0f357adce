// SPDX-License-Identifier: Apache-2.0

/// The forms that names may have: RFC 1123 labels and subdomains, Kubernetes labels, HTTP header names.
package enum NameSyntax {
    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerAlphanumeric(byte) || (65...90).contains(byte) }

    /// At most 63 of `a-z0-9-`, beginning and ending with a letter or digit.
    package static func isDNSLabel(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLowerAlphanumeric(first) && isLowerAlphanumeric(last) && bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == 45 }
    }

    /// The same, with capital letters allowed.
    package static func isHostLabel(_ text: some StringProtocol) -> Bool { isDNSLabel(text.lowercased()) }

    /// Labels joined by dots, 253 bytes at most.
    package static func isDNSSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isDNSLabel($0) }
    }

    /// A host name, case ignored; a dot at the end is allowed.
    package static func isHostname(_ text: String) -> Bool {
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isHostLabel($0) }
    }

    /// A host name whose first label may be `*`, or `*` alone.
    package static func isWildcardHostname(_ text: String) -> Bool {
        if text == "*" { return true }
        if text.hasPrefix("*.") { return isHostname(String(text.dropFirst(2))) }
        if text.hasPrefix("*") { return isHostname(String(text.dropFirst().drop { $0 == "-" })) }
        return isHostname(text)
    }

    package static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isLabelName(parts[0])
        case 2: return isDNSSubdomain(String(parts[0])) && isLabelName(parts[1])
        default: return false
        }
    }

    package static func isLabelValue(_ text: String) -> Bool { text.isEmpty || isLabelName(text[...]) }

    private static func isLabelName(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
    }

    /// A token of RFC 9110 §5.6.2.
    package static func isHeaderName(_ text: String) -> Bool {
        let others: Set<UInt8> = Set("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty && text.utf8.count <= 256 && text.utf8.allSatisfy { isAlphanumeric($0) || others.contains($0) }
    }
}
