// SPDX-License-Identifier: Apache-2.0

/// A CIDR block.
package struct AddressRange: Sendable, Hashable {
    /// 4 or 16 bytes, with the bits after the prefix cleared.
    package let bytes: [UInt8]
    package let prefixLength: Int

    /// Nil when `address` is no IP address or the length does not fit it.
    package init?(address: String, prefixLength: Int) {
        guard var bytes = IPAddressBytes.parse(address), (0...bytes.count * 8).contains(prefixLength) else { return nil }
        for index in bytes.indices {
            let kept = min(max(prefixLength - index * 8, 0), 8)
            bytes[index] &= kept == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
        }
        self.bytes = bytes
        self.prefixLength = prefixLength
    }

    /// `address` in 4 or 16 bytes; an IPv4 address inside IPv6 is compared as IPv4.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        for index in bytes.indices {
            let kept = min(max(prefixLength - index * 8, 0), 8)
            if kept == 0 { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - kept))
            if address[index] & mask != bytes[index] { return false }
        }
        return true
    }
}

/// IP addresses as bytes.
package enum IPAddressBytes {
    /// 4 or 16 bytes; `::ffff:a.b.c.d` gives the 4 of IPv4. Nil: no IP address.
    package static func parse(_ text: some StringProtocol) -> [UInt8]? {
        text.contains(":") ? parseIPv6(text) : parseIPv4(text)
    }

    /// Of 4 or 16 bytes, as RFC 5952 writes it.
    package static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = (0..<8).map { UInt16(bytes[$0 * 2]) << 8 | UInt16(bytes[$0 * 2 + 1]) }
        // The first of the longest runs of zeros, if it is longer than one.
        var (best, start) = (0..<0, 0)
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start) + 1
        }
        func joined(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !best.isEmpty else { return joined(groups[...]) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }

    private static func parseIPv4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some readers.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }), let byte = UInt8(part),
                part.utf8.count == 1 || part.utf8.first != 48
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func parseIPv6(_ text: some StringProtocol) -> [UInt8]? {
        var head: [UInt8] = []
        var tail: [UInt8] = []
        var sawGap = false
        var rest = Substring(text)
        guard rest.utf8.count <= 45 else { return nil }
        if rest.hasPrefix("::") {
            sawGap = true
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let group = rest.prefix { $0 != ":" }
            rest = rest.dropFirst(group.count)
            var bytes: [UInt8]
            if group.contains("."), rest.isEmpty {
                guard let v4 = parseIPv4(group) else { return nil }
                bytes = v4
            } else {
                guard (1...4).contains(group.utf8.count), let value = UInt16(group, radix: 16), group.allSatisfy(\.isHexDigit)
                else { return nil }
                bytes = [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
            }
            if sawGap { tail += bytes } else { head += bytes }
            if rest.isEmpty { break }
            if rest.hasPrefix("::") {
                guard !sawGap else { return nil }
                sawGap = true
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
                guard !rest.isEmpty else { return nil }
            }
        }
        let known = head.count + tail.count
        guard sawGap ? known <= 14 : known == 16 else { return nil }
        let bytes = head + [UInt8](repeating: 0, count: 16 - known) + tail
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }
}
