// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// A bound admin listener.
package struct AdminListener: Sendable {
    package let endpoint: SocketEndpoint
    private let channel: any Channel

    init(endpoint: SocketEndpoint, channel: any Channel) {
        self.endpoint = endpoint
        self.channel = channel
    }

    package func stop() async { try? await self.channel.close() }
}
