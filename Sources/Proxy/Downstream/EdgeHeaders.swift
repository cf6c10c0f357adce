// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// Fields by which proxies speak among themselves: a caller has no say in them. Envoy believes callers that
/// `internal_address_config` names, which is refused here; so there are none.
enum EdgeHeaders {
    private static let internalOnly: [HeaderName] = [
        "x-envoy-internal", "x-envoy-ip-tags", "x-envoy-force-trace", "x-envoy-retry-on", "x-envoy-retry-grpc-on",
        "x-envoy-retriable-status-codes", "x-envoy-retriable-header-names", "x-envoy-max-retries",
        "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-hedge-on-per-try-timeout",
    ].map { HeaderName($0) }

    /// Of a proxy in front of all others.
    private static let ownOnly: [HeaderName] = [
        "x-envoy-downstream-service-cluster", "x-envoy-downstream-service-node",
    ].map { HeaderName($0) }

    private static let externalAddress = HeaderName("x-envoy-external-address")

    /// Done to every request.
    static func sanitize(_ headers: inout HeaderBlock) {
        headers.remove(.expectedTimeout)
        headers.remove(.upstreamTimeout)
        headers.remove(.perTryTimeout)
        guard headers.holdsOther(prefix: "x-envoy-") else { return }
        for name in Self.internalOnly { headers.remove(name) }
    }

    /// What `use_remote_address` adds.
    /// - Parameters:
    ///   - believesProtocol: A trusted proxy is in front of us, which has said it.
    ///   - appends: The other end is added to `x-forwarded-for`.
    static func apply(
        to headers: inout HeaderBlock, peer: String, client: String, isTLS: Bool, believesProtocol: Bool, appends: Bool
    ) {
        let before = headers.combined(HeaderName(.forwardedFor)).map { $0.isEmpty ? "" : $0.string + "," } ?? ""
        // A Unix socket has no address that could be told.
        if appends, !peer.isEmpty { headers.set(.forwardedFor, before + peer) }
        if !believesProtocol || !headers.contains(.forwardedProto) { headers.set(.forwardedProto, isTLS ? "https" : "http") }
        headers.remove(.originalPath)
        headers.remove(.decoratorOperation)
        for name in Self.ownOnly { headers.remove(name) }
        if !client.isEmpty { headers.set(Self.externalAddress, client) }
    }
}
