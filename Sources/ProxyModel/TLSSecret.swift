// SPDX-License-Identifier: Apache-2.0

/// What a secret holds, for the TLS contexts that name it.
package enum TLSSecret: Sendable, Hashable {
    /// Never a reference to another secret.
    case certificate(TLSSettings.Certificate)
    case trust(TLSSettings.Trust)
}
