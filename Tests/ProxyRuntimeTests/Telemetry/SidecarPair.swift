// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Logging
import NIOCore
import NIOPosix
import Observability
import Proxy
import ProxyModel
import ProxyRuntime
import SPIFFE
import Sockets
import SwiftProtobuf
import Synchronization

/// web's sidecar before auth's sidecar before auth, over mutual TLS, in one process.
struct SidecarPair {
    /// Lines by path.
    final class Log: AccessLogOutput {
        private let state = Mutex<[String]>([])
        var lines: [String] { self.state.withLock { $0 } }
        func write(_ line: [UInt8], to path: String) {
            let lines = String(decoding: line, as: UTF8.self).split(separator: "\n").map(String.init)
            self.state.withLock { $0 += lines }
        }
    }

    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loops: SocketLoopGroup
    let web: ProxyServer
    let auth: ProxyServer
    let application: AdminListener
    let log = Log()

    init() async throws {
        self.loops = try SocketLoopGroup(numberOfLoops: 1)
        let authority = try TestAuthority()
        let logger = Logger(label: "test")
        self.web = try await ProxyServer(group: self.loops, configuration: Self.configuration("web"), logger: logger)
        self.auth = try await ProxyServer(
            group: self.loops, configuration: Self.configuration("auth"), accessLog: self.log, logger: logger)
        self.web.certificates.update(try authority.credential("web"))
        self.auth.certificates.update(try authority.credential("auth"))
        let routes = AdminRoutes([
            AdminEndpoint("/ok", help: "") { AdminResponse(body: "\($0.method)\n") },
            AdminEndpoint("/bad", help: "") { _ in AdminResponse(status: 500, body: "no") },
        ])
        self.application = try await AdminServer(routes: routes, group: self.group, logger: logger)
            .start(on: SocketEndpoint(host: "127.0.0.1", port: 0))
        try await self.auth.apply(Self.inbound(self.application.endpoint.port))
        try await self.web.apply(Self.outbound(self.auth.boundListeners.first?.port ?? 0))
    }

    var port: Int { self.web.boundListeners.first?.port ?? 0 }

    func stop() async throws {
        await self.web.stop()
        await self.auth.stop()
        await self.application.stop()
        try await self.loops.shutdownGracefully()
        try await self.group.shutdownGracefully()
    }

    private static func configuration(_ name: String) -> ProxyConfiguration {
        var node = Envoy_Config_Core_V3_Node()
        node.id = "sidecar~127.64.0.1~\(name)-v1.default~default.svc.cluster.local"
        node.metadata.fields = [
            "NAMESPACE": "default", "WORKLOAD_NAME": .init(stringValue: "\(name)-v1"), "SERVICE_ACCOUNT": .init(stringValue: name),
            "CLUSTER_ID": "Kubernetes", "CANONICAL_SERVICE": .init(stringValue: name), "CANONICAL_REVISION": "v1",
            "LABELS": .init(structValue: .init(fields: ["app": .init(stringValue: name), "version": "v1"])),
        ]
        let identity = ProxyIdentity(node: node)
        return ProxyConfiguration(
            localLabels: identity.metadata.peerLabels(principal: nil), nodeID: identity.nodeID,
            metadataHeader: identity.metadata.headerValue)
    }

    private static func tls(peer: String) -> TLSSettings {
        let name = "spiffe://cluster.local/ns/default/sa/\(peer)"
        return TLSSettings(
            certificates: [.secret(SecretReference(name: "default", source: "sds-grpc"))],
            trust: .secret(SecretReference(name: "ROOTCA", source: "sds-grpc")),
            subjectAltNames: [SubjectAltNameMatch(kind: .uri, match: .exact(name, ignoringCase: false))],
            applicationProtocols: ["istio"])
    }

    private static let service = ClusterService(
        host: "auth.default.svc.cluster.local", name: "auth", namespace: "default")

    private static func manager(_ cluster: String, filters: [HTTPFilter] = [.router]) -> HTTPConnectionManager {
        let route = Route(
            name: "all", match: RouteMatch(path: .prefix("/")), action: .forward(ForwardAction(clusters: .single(cluster))))
        return HTTPConnectionManager(
            statPrefix: "s",
            routes: .inline(
                RouteTable(name: "t", virtualHosts: [VirtualHost(name: "h", domains: ["*"], routes: [route])])),
            filters: filters,
            accessLogs: [AccessLogConfiguration(path: "/dev/stdout", format: .text("%REQ(:PATH)% %RESPONSE_CODE%\n"), filter: nil)])
    }

    private static func inbound(_ port: Int) -> ProxySnapshot {
        let rules = AuthorizationRules(
            action: .deny,
            policies: [.init(name: "p", permissions: [.path(.exact("/secret", ignoringCase: false))], principals: [.any])])
        let chain = FilterChain(
            match: FilterChainMatch(transport: .tls),
            tls: ServerTLSContext(common: Self.tls(peer: "web"), requiresClientCertificate: true),
            terminal: .http(Self.manager("inbound|8080||", filters: [.authorization(AuthorizationFilter(rules: rules)), .router])))
        let listener = Listener(
            name: "virtualInbound", address: .host("127.0.0.1", port: 0), filterChains: [chain], listenerFilters: [.tlsInspector],
            telemetry: TelemetryScope(reporter: .destination))
        let cluster = Cluster(
            name: "inbound|8080||",
            endpointSource: .fixed(EndpointSet(endpoints: [Endpoint(address: .host("127.0.0.1", port: port))])),
            service: Self.service)
        return ProxySnapshot(listeners: [listener.name: listener], clusters: [cluster.name: cluster])
    }

    private static func outbound(_ port: Int) -> ProxySnapshot {
        let listener = Listener(
            name: "http_proxy", address: .host("127.0.0.1", port: 0),
            filterChains: [FilterChain(terminal: .http(Self.manager("outbound|8080||auth.default.svc.cluster.local")))],
            telemetry: TelemetryScope(reporter: .source))
        let endpoint = Endpoint(
            address: .host("127.0.0.1", port: port), transportLabels: ["tlsMode": "istio"],
            workload: "auth-v1;default;auth;v1;Kubernetes")
        let cluster = Cluster(
            name: "outbound|8080||auth.default.svc.cluster.local",
            endpointSource: .fixed(EndpointSet(endpoints: [endpoint])),
            tls: ClientTLSContext(common: Self.tls(peer: "auth"), serverName: "outbound_.8080_._.auth.default.svc.cluster.local"),
            service: Self.service)
        return ProxySnapshot(listeners: [listener.name: listener], clusters: [cluster.name: cluster])
    }
}
