// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// The host of an authority, as a TLS handshake or a certificate names it: without port and brackets, in lower case.
package struct HostName: Sendable, Hashable {
    package let text: String
    package let isAddress: Bool

    /// - Parameter authority: `name`, `name:port`, an address with or without port; anything at all, since clients say it.
    package init(authority: some StringProtocol) {
        var host = Substring(authority)
        if let colon = host.lastIndex(of: ":"), host.last != "]" { host = host[..<colon] }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.text = host.lowercased()
        self.isAddress = IPAddressBytes.parse(host) != nil
    }
}
