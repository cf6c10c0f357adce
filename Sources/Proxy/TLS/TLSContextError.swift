// SPDX-License-Identifier: Apache-2.0

/// Why a handshake cannot be made with the settings there are.
struct TLSContextError: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        /// What the settings name has not been delivered yet.
        case missingSecret
        case invalid
    }

    let kind: Kind
    let description: String

    static func missing(_ text: String) -> Self { Self(kind: .missingSecret, description: text) }

    static func invalid(_ text: String) -> Self { Self(kind: .invalid, description: text) }
}
