// SPDX-License-Identifier: Apache-2.0

import ProxyModel

/// An IP address and a port, as bytes of a header say them.
package struct IPEndpoint: Sendable, Hashable {
    /// 4 or 16.
    package var bytes: [UInt8]
    package var port: Int

    package init(bytes: [UInt8], port: Int) {
        self.bytes = bytes
        self.port = port
    }

    /// `1.2.3.4:80` or `[::1]:80`; nil for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits),
            host.contains(":") == isBracketed, let bytes = IPAddressBytes.parse(host)
        else { return nil }
        self.init(bytes: bytes, port: Int(port))
    }
}
