// SPDX-License-Identifier: Apache-2.0

/// An IP address and a port, as bytes of a header say them.
package struct IPEndpoint: Sendable, Hashable {
    /// 4 or 16.
    package var bytes: [UInt8]
    package var port: Int

    package init(bytes: [UInt8], port: Int) {
        self.bytes = bytes
        self.port = port
    }
}
