// SPDX-License-Identifier: Apache-2.0

/// The name of a mesh's root of trust (SPIFFE-ID.md, 2.1): lower-case letters, digits, dot, dash, underscore; at most 255 bytes.
package struct TrustDomain: Sendable, Hashable, Comparable, CustomStringConvertible {
    package static let maximumLength = 255

    /// Istio's default, `cluster.local`.
    package static let clusterLocal = TrustDomain(unchecked: "cluster.local")

    package let name: String

    private init(unchecked name: String) { self.name = name }

    package init(_ name: some StringProtocol) throws(SPIFFEError) {
        guard !name.isEmpty else { throw SPIFFEError(.invalidTrustDomain, "trust domain is empty") }
        guard name.utf8.count <= Self.maximumLength else {
            throw SPIFFEError(.invalidTrustDomain, "trust domain is longer than \(Self.maximumLength) bytes")
        }
        guard name.utf8.allSatisfy(Self.isAllowed) else {
            throw SPIFFEError(.invalidTrustDomain, "trust domain may contain only a-z, 0-9, '.', '-' and '_'")
        }
        self.name = String(name)
    }

    package var description: String { self.name }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.name < rhs.name }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
