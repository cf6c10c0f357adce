// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// What a proxy at the edge (`use_remote_address`) does to fields by which proxies speak among themselves: a stranger has no say
/// in them.
enum EdgeHeaders {
    /// Believed only of callers inside.
    private static let internalOnly: [HeaderName] = [
        "x-envoy-internal", "x-envoy-original-path", "x-envoy-ip-tags", "x-envoy-force-trace", "x-envoy-retry-on",
        "x-envoy-retry-grpc-on", "x-envoy-max-retries", "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-rq-per-try-timeout-ms", "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-expected-rq-timeout-ms",
        "x-envoy-hedge-on-per-try-timeout", "x-envoy-decorator-operation", "x-envoy-downstream-service-cluster",
        "x-envoy-downstream-service-node",
    ].map { HeaderName($0) }

    private static let isInternal = HeaderName("x-envoy-internal")
    private static let externalAddress = HeaderName("x-envoy-external-address")
    private static let privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"].compactMap(range)

    private static func range(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let length = Int(parts[1]) else { return nil }
        return AddressRange(address: String(parts[0]), prefixLength: length)
    }

    static func apply(to headers: inout HeaderBlock, peer: String, isTLS: Bool) {
        let before = headers.combined(HeaderName(.forwardedFor)).map { $0.string + "," } ?? ""
        // A Unix socket has no address that could be told.
        if !peer.isEmpty { headers.set(.forwardedFor, before + peer) }
        headers.set(.forwardedProto, isTLS ? "https" : "http")
        // Somebody else's words before us mean that the request came from outside, wherever its last hop stands.
        if before.isEmpty, let address = IPAddressBytes.parse(peer), Self.privateRanges.contains(where: { $0.contains(address) }) {
            headers.set(Self.isInternal, "true")
        } else {
            for name in Self.internalOnly { headers.remove(name) }
            if !peer.isEmpty { headers.set(Self.externalAddress, peer) }
        }
    }
}
