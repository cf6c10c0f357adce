// SPDX-License-Identifier: Apache-2.0

/// An IP address or name, and a port; or the path of a Unix socket, with port 0.
package struct SocketEndpoint: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    /// 0 picks a free one when it is listened on.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// As it is printed: `1.2.3.4:80`, `[::1]:80`, `/path`.
    package init(_ text: String) {
        guard !text.hasPrefix("/"), let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            self.init(host: text, port: 0)
            return
        }
        let host = text[..<colon]
        self.init(host: String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host), port: port)
    }

    var isPath: Bool { self.host.hasPrefix("/") }

    package var description: String {
        if self.isPath { return self.host }
        return self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
