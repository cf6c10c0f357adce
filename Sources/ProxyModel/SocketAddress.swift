// SPDX-License-Identifier: Apache-2.0

/// Where to listen or to connect to, as configured.
package enum ProxySocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IP address or, for a cluster resolved by DNS, a host name; port 0 to listen on a free one.
    case host(String, port: Int)
    case unixPath(String)

    /// As Envoy prints it: `127.0.0.1:80`, `[::1]:80`, the path.
    package var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixPath(let path): path
        }
    }
}
