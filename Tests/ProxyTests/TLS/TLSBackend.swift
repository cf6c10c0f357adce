// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import X509

/// A proxy as a server of TLS, that answers by itself or asks an upstream, and keeps for each request `SNI protocol`.
struct TLSBackend {
    let harness: ProxyHarness
    private let authority: TestAuthority
    private let chain: String
    private let key: String
    private let upstream: Int?

    /// - Parameters:
    ///   - protocols: What it takes by ALPN, most wanted first; none: it takes no part in that.
    ///   - upstream: A port; nil: it answers by itself.
    init(protocols: [String], names: [String] = ["a.test"], upstream: Int? = nil) async throws {
        self.harness = try await ProxyHarness()
        self.authority = try TestAuthority()
        (self.chain, self.key) = try self.authority.server(names.map { .dnsName($0) })
        self.upstream = upstream
        try await self.choose(protocols)
    }

    /// From the next connection on.
    func choose(_ protocols: [String]) async throws {
        let answer = Route(
            name: "a", match: RouteMatch(path: .prefix("/")),
            action: .respond(DirectResponse(status: 200, body: Array("fine".utf8))))
        var snapshot = ProxyHarness.snapshot(ports: [self.upstream ?? 1], routes: self.upstream == nil ? [answer] : [])
            .with(manager: {
                let format = "%REQUESTED_SERVER_NAME% %PROTOCOL%\n"
                $0.accessLogs = [AccessLogConfiguration(path: "log", format: .text(format))]
            })
        snapshot.listeners["l"]?.listenerFilters = [.tlsInspector]
        snapshot.listeners["l"]?.filterChains[0].tls = ServerTLSContext(
            common: TLSSettings(
                certificates: [.inline(chain: self.chain, key: SecretBytes(pem: self.key))], applicationProtocols: protocols))
        try await self.harness.proxy.apply(snapshot)
    }

    /// A proxy in front of it, with a log of `status flags upstream-protocol`, or of `format`.
    func front(
        _ spoken: Cluster.UpstreamProtocol = .negotiated, limits: CircuitLimits = CircuitLimits(), threads: Int = 1,
        format: String = "%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_PROTOCOL%\n",
        route: (inout ForwardAction) -> Void = { _ in }, cluster: (inout Cluster) -> Void = { _ in }
    ) async throws -> ProxyHarness {
        let front = try await ProxyHarness(threads: threads)
        try await front.proxy.apply(
            self.snapshot(spoken, limits: limits, format: format, route: route, cluster: cluster))
        return front
    }

    func snapshot(
        _ spoken: Cluster.UpstreamProtocol = .negotiated, limits: CircuitLimits = CircuitLimits(),
        format: String = "%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_PROTOCOL%\n",
        route: (inout ForwardAction) -> Void = { _ in }, cluster change: (inout Cluster) -> Void = { _ in }
    ) throws -> ProxySnapshot {
        let root = try self.authority.rootPEM
        return ProxyHarness.snapshot(ports: [self.harness.port], limits: limits).with(
            manager: { $0.accessLogs = [AccessLogConfiguration(path: "log", format: .text(format))] }, route: route,
            cluster: {
                $0.tls = ClientTLSContext(common: TLSSettings(trust: .inline(root)), serverName: "static.test")
                $0.upstreamProtocol = spoken
                change(&$0)
            })
    }

    func stop(_ fronts: ProxyHarness...) async throws {
        for front in fronts { try await front.stop() }
        try await self.harness.stop()
    }
}
