// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

extension SocketAddress {
    /// nil for host names and for addresses that are none.
    init?(_ address: ProxySocketAddress) {
        let made: SocketAddress?
        switch address {
        case .host(let host, let port): made = try? SocketAddress(ipAddress: host, port: port)
        case .unixPath(let path): made = try? SocketAddress(unixDomainSocketPath: path)
        }
        guard let made else { return nil }
        self = made
    }

    /// `address:port`, as Envoy prints it.
    var text: String {
        guard let host = self.ipAddress, let port = self.port else { return self.pathname ?? "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
