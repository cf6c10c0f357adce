// SPDX-License-Identifier: Apache-2.0

/// A checked SPIFFE ID: `spiffe://<trust-domain>/<path>`, parsed by the strict rules of SPIFFE-ID.md.
package struct SPIFFEID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The size every implementation has to support; we refuse longer ones (SPIFFE-ID.md, 2.3).
    package static let maximumLength = 2048

    package let trustDomain: TrustDomain
    /// Either empty (the trust domain's own ID) or `/segment(/segment)*`.
    package let path: String

    package init(_ text: String) throws(SPIFFEError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw SPIFFEError(.invalidIdentifier, "SPIFFE ID is longer than \(Self.maximumLength) bytes")
        }
        let scheme = "spiffe://"
        guard text.hasPrefix(scheme) else { throw SPIFFEError(.invalidIdentifier, "scheme is not 'spiffe'") }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        self.trustDomain = try TrustDomain(rest[..<end])
        let path = rest[end...]
        try Self.checkPath(path)
        self.path = String(path)
    }

    /// Istio's form: `spiffe://<trust-domain>/ns/<namespace>/sa/<service-account>`.
    package init(trustDomain: TrustDomain, namespace: String, serviceAccount: String) throws(SPIFFEError) {
        let path = "/ns/\(namespace)/sa/\(serviceAccount)"
        try Self.checkPath(path[...])
        guard !namespace.contains("/"), !serviceAccount.contains("/") else {
            throw SPIFFEError(.invalidIdentifier, "namespace and service account may not contain '/'")
        }
        self.trustDomain = trustDomain
        self.path = path
    }

    package var description: String { "spiffe://\(self.trustDomain.name)\(self.path)" }

    /// How Istio's policies write it: without the scheme.
    package var principal: String { "\(self.trustDomain.name)\(self.path)" }

    /// Namespace and service account, if the path has Istio's form.
    package var workload: WorkloadIdentity? {
        let parts = self.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "ns", parts[3] == "sa" else { return nil }
        return WorkloadIdentity(namespace: String(parts[2]), serviceAccount: String(parts[4]))
    }

    package var namespace: String? { self.workload?.namespace }
    package var serviceAccount: String? { self.workload?.serviceAccount }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.trustDomain, lhs.path) < (rhs.trustDomain, rhs.path)
    }

    private static func checkPath(_ path: Substring) throws(SPIFFEError) {
        guard !path.isEmpty else { return }
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard !segment.isEmpty else {
                throw SPIFFEError(.invalidIdentifier, "path has an empty segment or ends with '/'")
            }
            guard segment != ".", segment != ".." else {
                throw SPIFFEError(.invalidIdentifier, "path has a relative segment")
            }
            guard segment.utf8.allSatisfy(Self.isAllowedInSegment) else {
                throw SPIFFEError(.invalidIdentifier, "path may contain only letters, digits, '.', '-' and '_'")
            }
        }
    }

    private static func isAllowedInSegment(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
