// SPDX-License-Identifier: Apache-2.0

/// Cipher suites of TLS 1.2 that BoringSSL has, by OpenSSL's names; those of TLS 1.3 cannot be chosen, as in Envoy.
enum CipherSuite {
    private static let names: Set<String> = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
        "AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA",
    ]

    /// One suite, or `[A|B]` for suites that are preferred alike.
    static func isKnown(_ text: String) -> Bool {
        guard text.hasPrefix("[") else { return Self.names.contains(text) }
        guard text.hasSuffix("]") else { return false }
        let group = text.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        return group.allSatisfy { Self.names.contains(String($0)) }
    }
}
