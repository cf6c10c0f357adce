// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// What connections to endpoints offer by ALPN where the TLS context names nothing: what they are going to speak, as Envoy does.
enum ApplicationProtocol {
    static let http1 = "http/1.1"
    static let http2 = "h2"
    /// The endpoint's choice is taken by its own preference; ours says what we would rather.
    static let either = [Self.http2, Self.http1]

    /// On most connections of a cluster, so that their TLS can be made ready before the first.
    static func offered(by cluster: Cluster) -> [String] {
        switch cluster.upstreamProtocol {
        case .http1, .likeDownstream: [Self.http1]
        case .http2: [Self.http2]
        case .negotiated: Self.either
        }
    }
}
