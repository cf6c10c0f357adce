// SPDX-License-Identifier: Apache-2.0

/// Certificates of a TLS context, as `/certs` shows them. Never keys.
package struct TLSInventoryEntry: Sendable, Hashable {
    /// PEM and where it comes from: a file's path, or `<inline>`.
    package struct Source: Sendable, Hashable {
        package var path: String
        package var pem: String

        package init(path: String, pem: String) {
            self.path = path
            self.pem = pem
        }
    }

    package var chain: Source?
    package var roots: Source?

    package init(chain: Source? = nil, roots: Source? = nil) {
        self.chain = chain
        self.roots = roots
    }
}
