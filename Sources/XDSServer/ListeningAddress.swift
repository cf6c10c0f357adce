// SPDX-License-Identifier: Apache-2.0

/// Where a server listens or should listen; port 0 asks for a free one.
package struct ListeningAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String { self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }
}
