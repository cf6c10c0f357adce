// SPDX-License-Identifier: Apache-2.0

/// An IP address or name, and a port.
package struct SocketEndpoint: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    /// 0 picks a free one when it is listened on.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String { self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }
}
