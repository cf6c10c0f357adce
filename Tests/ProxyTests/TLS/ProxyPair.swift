// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import SPIFFE

/// Two proxies, one after the other, with TLS between them: a client's sidecar and a server's, and the server behind it.
struct ProxyPair {
    let client: ProxyHarness
    let server: ProxyHarness
    let upstream: TestUpstream

    static let clientTLS = ClientTLSContext(
        common: TLSSettings(
            certificates: [.secret(SecretReference(name: "default", source: "sds-grpc"))],
            trust: .secret(SecretReference(name: "ROOTCA", source: "sds-grpc")), applicationProtocols: ["istio"]),
        serverName: "outbound_.80_._.server.default.svc.cluster.local")

    static let serverTLS = ServerTLSContext(
        common: TLSSettings(
            certificates: [.secret(SecretReference(name: "default", source: "sds-grpc"))],
            trust: .secret(SecretReference(name: "ROOTCA", source: "sds-grpc")), applicationProtocols: ["istio", "http/1.1"]),
        requiresClientCertificate: true)

    init(
        clientTLS: ClientTLSContext = Self.clientTLS, serverTLS: ServerTLSContext = Self.serverTLS, isPermissive: Bool = false,
        allowing principal: String? = nil
    ) async throws {
        self.client = try await ProxyHarness()
        self.server = try await ProxyHarness()
        self.upstream = try await TestUpstream(group: self.server.group, answer: TestUpstream.ok("hello"))
        try await self.server.proxy.apply(
            Self.serverSnapshot(self.upstream.port, serverTLS, isPermissive: isPermissive, allowing: principal))
        try await self.applyClient(clientTLS)
    }

    func applyClient(_ tls: ClientTLSContext) async throws {
        var snapshot = ProxyHarness.snapshot(ports: [self.server.port])
        snapshot.clusters["c"]?.tls = tls
        try await self.client.proxy.apply(snapshot)
    }

    func applyServer(_ tls: ServerTLSContext, secrets: [String: TLSSecret]) async throws {
        var snapshot = Self.serverSnapshot(self.upstream.port, tls, isPermissive: false, allowing: nil)
        snapshot.secrets = secrets
        try await self.server.proxy.apply(snapshot)
    }

    func install(client: WorkloadCredential?, server: WorkloadCredential?) {
        if let client { self.client.proxy.certificates.update(client) }
        if let server { self.server.proxy.certificates.update(server) }
    }

    func get() async throws -> String { try await self.client.get("/") }

    func stop() async throws {
        try await self.client.stop()
        try await self.server.stop()
    }

    private static func serverSnapshot(
        _ port: Int, _ tls: ServerTLSContext, isPermissive: Bool, allowing principal: String?
    ) -> ProxySnapshot {
        var filters = [HTTPFilter.router]
        if let principal {
            let policy = AuthorizationRules.Policy(
                name: "p", permissions: [.any], principals: [.authenticated(.exact(principal, ignoringCase: false))])
            filters.insert(
                .authorization(AuthorizationFilter(rules: AuthorizationRules(action: .allow, policies: [policy]))), at: 0)
        }
        var snapshot = ProxyHarness.snapshot(ports: [port], filters: filters)
        guard var listener = snapshot.listeners["l"], var chain = listener.filterChains.first else { return snapshot }
        listener.listenerFilters = [.tlsInspector]
        let plain = chain
        chain.tls = tls
        chain.match = FilterChainMatch(transport: .tls)
        listener.filterChains = isPermissive ? [chain, plain] : [chain]
        snapshot.listeners["l"] = listener
        return snapshot
    }
}
