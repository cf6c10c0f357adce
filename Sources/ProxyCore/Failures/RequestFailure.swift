// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// Why a request got no upstream response, or none that could be passed on whole. A value, so the request path never throws
/// for a peer's fault. `LocalReply` is the one place that maps it to a status, a flag and a text.
package enum RequestFailure: Sendable, Hashable {
    package enum Side: Sendable, Hashable { case downstream, upstream, proxy }

    /// How an upstream stream ended before its response had begun.
    package enum Reset: Sendable, Hashable {
        /// Refused, unreachable, or the TLS handshake failed; the text is the transport's, or empty.
        case connectionFailure(String)
        case connectionTimeout
        case connectionTermination
        /// The upstream reset the stream.
        case remoteReset
        case remoteRefusedStream
        /// We reset it.
        case localReset
        case protocolError
        /// A circuit limit.
        case overflow
    }

    case noRoute
    case clusterNotFound(status: UInt16)
    case noHealthyUpstream
    case reset(Reset)
    /// The route's timeout.
    case responseTimeout
    case perTryTimeout
    case perTryIdleTimeout
    case upstreamMaxDuration
    /// The rest is about the downstream. `requestComplete`: all of the request had arrived, so the client is not to blame.
    case streamIdleTimeout(requestComplete: Bool)
    case requestTimeout(requestComplete: Bool)
    case requestHeaderTimeout
    case downstreamMaxDuration(requestComplete: Bool)
    case downstreamDisconnect
    /// `policy` is nil where no ALLOW policy matched.
    case accessDenied(policy: String?)
    case faultAbort(FaultPolicy.Abort.Status)
    /// Beyond the proxy's own limit.
    case rateLimited(status: UInt16, isResourceExhausted: Bool)
    case invalidPath
    /// Escaped slashes in the path: the client is sent to this one.
    case escapedSlashes(path: String)
    /// A header name with `_`.
    case underscoreInName
    case missingHost
    case payloadTooLarge
    case upgradeRefused
    /// A request head that cannot be taken: 400, 413, 414, 431, …
    case badRequest(status: UInt16, details: String)

    /// The client cannot know where its next request would begin, or has shown that it is not to be trusted with one.
    package var endsConnection: Bool {
        switch self {
        case .invalidPath, .missingHost, .upgradeRefused, .underscoreInName: true
        default: false
        }
    }

    /// The answer takes the place of an endpoint's.
    package var isOfUpstream: Bool {
        switch self {
        case .noHealthyUpstream, .responseTimeout, .perTryTimeout, .perTryIdleTimeout, .upstreamMaxDuration, .reset: true
        default: false
        }
    }

    package var side: Side {
        switch self {
        case .noHealthyUpstream, .responseTimeout, .perTryTimeout, .perTryIdleTimeout, .upstreamMaxDuration: .upstream
        case .reset(.overflow), .reset(.localReset): .proxy
        case .reset: .upstream
        case .noRoute, .clusterNotFound, .accessDenied, .faultAbort, .rateLimited: .proxy
        case .streamIdleTimeout, .requestTimeout, .requestHeaderTimeout, .downstreamMaxDuration, .downstreamDisconnect,
            .invalidPath, .escapedSlashes, .underscoreInName,
            .missingHost, .payloadTooLarge, .upgradeRefused, .badRequest:
            .downstream
        }
    }
}
