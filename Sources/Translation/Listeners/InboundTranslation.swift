// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// Listeners and clusters of the ports that the workload serves.
struct InboundTranslation {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    var authorization: AuthorizationTranslation
    var telemetry: EffectiveTelemetry

    /// How long a client may be silent before it is taken for one in plaintext. A hello that was lost comes again within this time.
    private static let sniffingSeconds = 2.0

    func listeners() -> [Wire.Listener] {
        node.inbound.enumerated().map { index, port in
            listener(named: index == 0 ? "virtualInbound" : "virtualInbound_\(port.port)", port)
        }
    }

    func clusters() -> [Wire.Cluster] { node.inbound.map(cluster) }

    // MARK: Listener

    private func listener(named name: String, _ port: ProxyNode.InboundPort) -> Wire.Listener {
        let mode = snapshot.mutualTLSMode(namespace: node.namespace, labels: node.labels, port: port.port)
        let logs = telemetry.serverAccessLogs.map { AccessLogTranslation.log(file: $0.file, encoding: $0.encoding) }
        return .with {
            $0.name = name
            $0.address = WireValues.address(node.address, port.listenPort)
            $0.trafficDirection = .inbound
            $0.metadata = ListenerMetadata.telemetry(reporter: .destination, disabledMetrics: telemetry.serverDisabledMetrics)
            $0.accessLog = logs.map(AccessLogTranslation.unmatchedOnly)
            $0.filterChains = chains(port, mode: mode, logs: logs)
            if mode != .disable {
                $0.listenerFilters = [
                    .with {
                        $0.name = ExtensionName.tlsInspector
                        $0.typedConfig = WireBytes.packed(Envoy_Extensions_Filters_Listener_TlsInspector_V3_TlsInspector())
                    }
                ]
                // A server that speaks first has clients that wait for it. Who speaks HTTP, or has to speak TLS, begins by itself.
                if mode == .permissive, !portProtocol(port).isHTTP {
                    $0.listenerFiltersTimeout = WireValues.duration(seconds: Self.sniffingSeconds)
                    $0.continueOnListenerFiltersTimeout = true
                }
            }
        }
    }

    private func chains(
        _ port: ProxyNode.InboundPort, mode: MutualTLSMode, logs: [Wire.AccessLog]
    ) -> [Wire.FilterChain] {
        let speaks = portProtocol(port)
        let filters = filters(port, speaks: speaks, logs: logs)
        let mutual = Wire.FilterChain.with {
            $0.name = "inbound_\(port.port)_mtls"
            $0.filterChainMatch.transportProtocol = "tls"
            $0.transportSocket = TLSContexts(configuration: snapshot.configuration).downstream(isHTTP: speaks.isHTTP)
            $0.filters = filters
        }
        let plain = Wire.FilterChain.with {
            $0.name = "inbound_\(port.port)"
            $0.filters = filters
        }
        switch mode {
        case .strict: return [mutual]
        case .disable: return [plain]
        case .permissive:
            var mutual = mutual
            var plain = plain
            plain.filterChainMatch.transportProtocol = "raw_buffer"
            guard speaks == .https || speaks == .tls else { return [mutual, plain] }
            // The application has TLS of its own: only what offers the mesh's protocol is ours.
            mutual.filterChainMatch.applicationProtocols = [TLSContexts.meshProtocol]
            var passed = plain
            passed.name = "inbound_\(port.port)_tls"
            passed.filterChainMatch.transportProtocol = "tls"
            return [mutual, passed, plain]
        }
    }

    private func filters(
        _ port: ProxyNode.InboundPort, speaks: PortProtocol, logs: [Wire.AccessLog]
    ) -> [Wire.NetworkFilter] {
        let cluster = ClusterName.inbound(port: port.port).description
        let statPrefix = "inbound_\(node.address)_\(port.port)"
        if speaks.isHTTP {
            return [
                ConnectionManagerTranslation.inbound(
                    statPrefix: statPrefix, routes: routes(port, cluster: cluster),
                    filters: authorization.httpFilters(port: port.port), accessLogs: logs)
            ]
        }
        return authorization.networkFilters(port: port.port) + [
            TCPProxyTranslation.filter(statPrefix: statPrefix, to: [.init(cluster: cluster, weight: 100)], accessLogs: logs)
        ]
    }

    private func portProtocol(_ port: ProxyNode.InboundPort) -> PortProtocol {
        services(port).lazy.compactMap { $0.port(port.port)?.portProtocol }.first
            ?? PortProtocol(appProtocol: nil, portName: port.name, portNumber: port.port)
    }

    // MARK: Routes

    private func routes(_ port: ProxyNode.InboundPort, cluster: String) -> Wire.RouteTable {
        .with {
            $0.name = cluster
            $0.validateClusters = WireValues.wrapped(false)
            $0.virtualHosts = [
                .with {
                    $0.name = "inbound|http|\(port.port)"
                    $0.domains = ["*"]
                    $0.routes = [route(port, cluster: cluster)]
                }
            ]
        }
    }

    private func route(_ port: ProxyNode.InboundPort, cluster: String) -> Wire.Route {
        let host = services(port).first?.hostname ?? "\(node.name).\(node.namespace)"
        return .with {
            $0.name = "default"
            $0.match.prefix = "/"
            $0.decorator.operation = "\(host):\(port.port)/*"
            $0.route = RouteActionTranslation.to(cluster)
            $0.route.retryPolicy = RetryTranslation.inbound
        }
    }

    // MARK: Cluster

    private func services(_ port: ProxyNode.InboundPort) -> [Service] {
        snapshot.services(selecting: node.labels, namespace: node.namespace).filter { $0.port(port.port) != nil }
    }

    private func cluster(_ port: ProxyNode.InboundPort) -> Wire.Cluster {
        let name = ClusterName.inbound(port: port.port).description
        let speaks = portProtocol(port)
        return .with {
            $0.name = name
            $0.type = .static
            $0.connectTimeout = WireValues.duration(seconds: snapshot.configuration.connectTimeoutSeconds)
            $0.circuitBreakers = CircuitBreakerTranslation.unlimited
            $0.metadata = ClusterMetadata.of(services(port), subset: nil)
            if speaks.isHTTP {
                $0.typedExtensionProtocolOptions = HTTPOptionsTranslation.options(
                    speaks.isHTTP2 ? .http2 : .http1)
            }
            $0.loadAssignment.clusterName = name
            $0.loadAssignment.endpoints = [
                .with {
                    $0.lbEndpoints = [
                        .with { $0.endpoint.address = WireValues.address(port.applicationAddress, port.applicationPort) }
                    ]
                }
            ]
        }
    }
}
