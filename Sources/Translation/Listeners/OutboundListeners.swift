// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// Listeners through which the application calls others: the HTTP proxy port and one local port for each upstream.
struct OutboundListeners {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    var telemetry: EffectiveTelemetry

    func listeners() -> [Wire.Listener] {
        let proxy = node.httpProxyPort.map { [httpProxy(port: $0)] } ?? []
        return proxy + node.upstreams.map(upstream)
    }

    private var accessLogs: [Wire.AccessLog] {
        telemetry.clientAccessLogs.map { AccessLogTranslation.log(file: $0.file, encoding: $0.encoding) }
    }

    private func httpProxy(port: Int) -> Wire.Listener {
        var listener = base(named: OutboundRouteTables.httpProxy, address: node.address, port: port)
        let filter = ConnectionManagerTranslation.outbound(
            statPrefix: "outbound_\(node.address)_\(port)", routeTable: OutboundRouteTables.httpProxy, accessLogs: accessLogs)
        listener.filterChains = [.with { $0.filters = [filter] }]
        return listener
    }

    private func upstream(_ upstream: ProxyNode.Upstream) -> Wire.Listener {
        var listener = base(
            named: "upstream_\(upstream.listenAddress)_\(upstream.listenPort)", address: upstream.listenAddress,
            port: upstream.listenPort)
        let statPrefix = "outbound|\(upstream.port)||\(upstream.host)"
        let service = snapshot.service(upstream.host, visibleIn: node.namespace)
        let speaks = service?.port(upstream.port)?.portProtocol ?? .http
        if speaks.isHTTP {
            let filter = ConnectionManagerTranslation.outbound(
                statPrefix: statPrefix, routeTable: OutboundRouteTables.name(of: upstream), accessLogs: accessLogs)
            listener.filterChains = [.with { $0.filters = [filter] }]
            return listener
        }
        let pool = service.flatMap { connections(to: $0, port: upstream.port) }
        func chain(_ destinations: [TCPProxyTranslation.Destination]) -> Wire.FilterChain {
            var chain = Wire.FilterChain()
            chain.filters = [
                TCPProxyTranslation.filter(
                    statPrefix: statPrefix, to: destinations, accessLogs: accessLogs, connections: pool)
            ]
            return chain
        }
        let named = TLSRouteTranslation(node: node, snapshot: snapshot).branches(of: upstream.host, port: upstream.port)
        let rest = chain(TCPRouteTranslation(node: node, snapshot: snapshot).destinations(of: upstream.host, port: upstream.port))
        guard !named.isEmpty else {
            listener.filterChains = [rest]
            return listener
        }
        var inspector = Envoy_Config_Listener_V3_ListenerFilter()
        inspector.name = ExtensionName.tlsInspector
        inspector.typedConfig = WireBytes.packed(Envoy_Extensions_Filters_Listener_TlsInspector_V3_TlsInspector())
        listener.listenerFilters = [inspector]
        for branch in named {
            var named = chain(branch.destinations)
            named.filterChainMatch.serverNames = branch.serverNames
            if branch.serverNames.isEmpty { named.filterChainMatch.transportProtocol = "tls" }
            listener.filterChains.append(named)
        }
        // Where all clients speak TLS, a name without a rule leads nowhere, as in Istio.
        if speaks != .tls, speaks != .https { listener.filterChains.append(rest) }
        return listener
    }

    /// As the service's DestinationRule has them.
    private func connections(to service: Service, port: Int) -> ConnectionPoolSettings.TCP? {
        let rule = snapshot.destinationRules.rule(for: service, from: node.namespace, labels: node.labels)?.specification
        return EffectiveTrafficPolicy(rule: rule?.trafficPolicy, subset: nil, port: port).connectionPool?.tcp
    }

    private func base(named name: String, address: String, port: Int) -> Wire.Listener {
        .with {
            $0.name = name
            $0.address = WireValues.address(address, port)
            $0.trafficDirection = .outbound
            $0.metadata = ListenerMetadata.telemetry(reporter: .source, disabledMetrics: telemetry.clientDisabledMetrics)
        }
    }
}
