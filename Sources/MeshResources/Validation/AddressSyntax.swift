// SPDX-License-Identifier: Apache-2.0

/// IP addresses and CIDR blocks, as text.
package enum AddressSyntax {
    package static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.count <= 3 && part.utf8.allSatisfy { (48...57).contains($0) }
                    && (Int(part).map { $0 <= 255 } ?? false) && (part.utf8.count == 1 || part.first != "0")
            }
    }

    /// RFC 4291 §2.2, without a zone.
    package static func isIPv6(_ text: some StringProtocol) -> Bool {
        guard text.utf8.count <= 45, text.contains(":") else { return false }
        let halves = text.components(separatedByDoubleColon: ())
        guard halves.count <= 2 else { return false }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (position, part) in parts.enumerated() {
                let isLast = index == halves.count - 1 && position == parts.count - 1
                if isLast, part.contains(".") {
                    guard isIPv4(part) else { return false }
                    groups += 2
                } else {
                    guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit) else { return false }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups <= 7 : groups == 8
    }

    package static func isIP(_ text: some StringProtocol) -> Bool { isIPv4(text) || isIPv6(text) }

    /// An address, or an address with a prefix length.
    package static func isIPOrCIDR(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count <= 2, isIP(address) else { return false }
        guard parts.count == 2 else { return true }
        guard let length = Int(parts[1]), parts[1].utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        return length <= (isIPv4(address) ? 32 : 128)
    }
}

extension StringProtocol {
    /// Splits at `::`, at most twice.
    fileprivate func components(separatedByDoubleColon: Void) -> [String] {
        var parts: [String] = [""]
        var rest = self[...]
        while let character = rest.first {
            if rest.hasPrefix("::") {
                parts.append("")
                rest = rest.dropFirst(2)
            } else {
                parts[parts.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        return parts
    }
}
