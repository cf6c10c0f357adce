// SPDX-License-Identifier: Apache-2.0

/// A header name made ready for lookups: build it once per configuration, not per request.
package struct HeaderName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let known: KnownHeader
    /// The name in lower case.
    package let bytes: [UInt8]

    package init(_ name: String) {
        self.bytes = name.utf8.map(ASCII.lowercase)
        self.known = self.bytes.withUnsafeBytes { KnownHeader(name: $0) }
    }

    package init(_ known: KnownHeader) { self = Self.ofKnown[Int(known.rawValue)] }

    private static let ofKnown = KnownHeader.allCases.map { HeaderName($0.name) }

    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Whether the name is a token, as RFC 9110 5.1 demands.
    package var isValid: Bool { !self.bytes.isEmpty && self.bytes.allSatisfy(ASCII.isToken) }
}
