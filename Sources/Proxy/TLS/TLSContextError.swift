// SPDX-License-Identifier: Apache-2.0

/// Why a handshake cannot be made with the settings there are.
struct TLSContextError: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        /// A secret that has not been delivered yet.
        case missingSecret
        /// A file that cannot be read or used now; it may be at the next handshake.
        case file
        case invalid
    }

    let kind: Kind
    let description: String

    static func missing(_ text: String) -> Self { Self(kind: .missingSecret, description: text) }

    static func file(_ text: String) -> Self { Self(kind: .file, description: text) }

    static func invalid(_ text: String) -> Self { Self(kind: .invalid, description: text) }
}
