// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// The client that `x-forwarded-for` tells of, where the proxies in front of us are believed: it takes the place of the socket's
/// other end in rules, hashes, logs and header values. As in Envoy its port is 0.
final class ForwardedClient {
    private let address: SocketAddress
    private let connection: DownstreamConnection
    private(set) lazy var text = self.address.text
    /// Without port.
    private(set) lazy var host = self.address.ipAddress ?? ""
    private(set) lazy var peerFacts = self.connection.peerFacts.forwarded(for: self.address.addressBytes)

    /// nil where the connection's own end is the client.
    init?(_ headers: HeaderBlock, connection: DownstreamConnection, settings: HTTPConnectionManager) {
        guard let skipped = Self.skipped(settings), let list = headers.combined(HeaderName(.forwardedFor)),
            let host = ForwardedFor.address(list, skipping: skipped), let address = try? SocketAddress(ipAddress: host, port: 0)
        else { return nil }
        self.address = address
        self.connection = connection
    }

    /// With `use_remote_address` the socket's end counts as the first hop that is trusted, else as none.
    private static func skipped(_ settings: HTTPConnectionManager) -> Int? {
        guard settings.useRemoteAddress else { return settings.trustedHops }
        return settings.trustedHops > 0 ? settings.trustedHops - 1 : nil
    }
}
