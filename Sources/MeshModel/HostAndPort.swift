// SPDX-License-Identifier: Apache-2.0

/// `ADDRESS:PORT`, with brackets around an IPv6 address.
package struct HostAndPort: Sendable, Hashable {
    package var host: String
    package var port: Int

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port) else { return nil }
        self.host = String(host)
        self.port = port
    }
}
