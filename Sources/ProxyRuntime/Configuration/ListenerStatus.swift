// SPDX-License-Identifier: Apache-2.0

/// A listener that is bound.
package struct ListenerStatus: Sendable, Hashable {
    package var name: String
    package var address: SocketEndpoint

    package init(name: String, address: SocketEndpoint) {
        self.name = name
        self.address = address
    }
}
