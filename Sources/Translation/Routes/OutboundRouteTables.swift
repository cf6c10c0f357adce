// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// The route tables behind a proxy's outbound listeners.
struct OutboundRouteTables {
    static let httpProxy = "http_proxy"

    static func name(of upstream: ProxyNode.Upstream) -> String { "upstream|\(upstream.port)|\(upstream.host)" }

    var node: ProxyNode
    var snapshot: MeshSnapshot

    func tables() -> [Wire.RouteTable] {
        let proxy = node.httpProxyPort == nil ? [] : [table(Self.httpProxy, proxyHosts() + [unknownHost])]
        return proxy + node.upstreams.compactMap(table)
    }

    private func table(_ name: String, _ hosts: [Wire.VirtualHost]) -> Wire.RouteTable {
        .with {
            $0.name = name
            $0.virtualHosts = hosts
            $0.validateClusters = WireValues.wrapped(false)
            $0.maxDirectResponseBodySizeBytes = .init(1 << 20)
        }
    }

    // MARK: Upstream ports

    private func table(_ upstream: ProxyNode.Upstream) -> Wire.RouteTable? {
        let service = snapshot.service(upstream.host, visibleIn: node.namespace)
        guard service?.port(upstream.port)?.portProtocol.isHTTP ?? true else { return nil }
        let routes = VirtualHostRoutes(node: node, snapshot: snapshot, host: upstream.host, port: upstream.port).routes()
        return table(
            Self.name(of: upstream), [host("\(upstream.host):\(upstream.port)", ["*"], routes.map { named($0, upstream) })])
    }

    /// The application called a local address; its name at the other end is the service's, which policies there go by.
    private func named(_ route: Wire.Route, _ upstream: ProxyNode.Upstream) -> Wire.Route {
        guard case .route = route.action, route.route.hostRewriteSpecifier == nil else { return route }
        var route = route
        route.route.hostRewriteLiteral = "\(upstream.host):\(upstream.port)"
        return route
    }

    // MARK: HTTP proxy port

    private struct Candidate {
        var host: String
        var port: Int
        /// Also reached without a port in the authority.
        var isDefault: Bool
    }

    private func proxyHosts() -> [Wire.VirtualHost] {
        let candidates = self.candidates()
        // Full names first, so that no alias of one service hides the name of another; Envoy refuses a table that says one twice.
        var taken: Set<String> = []
        var domains = candidates.map { own(named: [$0.host], $0, &taken) }
        for (index, candidate) in candidates.enumerated() {
            let aliases = HostAliases.of(candidate.host, for: node.namespace, domain: snapshot.configuration.domain)
            domains[index] += own(named: aliases, candidate, &taken)
        }
        return zip(candidates, domains).compactMap { candidate, domains in
            guard !domains.isEmpty else { return nil }
            let routes = VirtualHostRoutes(
                node: node, snapshot: snapshot, host: candidate.host, port: candidate.port
            ).routes()
            return host("\(candidate.host):\(candidate.port)", domains, routes)
        }
    }

    private func own(named names: [String], _ candidate: Candidate, _ taken: inout Set<String>) -> [String] {
        names.flatMap { candidate.isDefault ? [$0, "\($0):\(candidate.port)"] : ["\($0):\(candidate.port)"] }
            .filter { taken.insert($0).inserted }
    }

    private func candidates() -> [Candidate] {
        let services = snapshot.services(visibleIn: node.namespace)
        let known = Set(services.map(\.hostname))
        var result: [Candidate] = []
        for service in services {
            let ports = service.ports.filter(\.portProtocol.isHTTP).map(\.number)
            // A name without a port means 80; where the service has no such port, its first one is meant.
            let standard = ports.contains(80) ? 80 : ports.first
            result += ports.map { Candidate(host: service.hostname, port: $0, isDefault: $0 == standard) }
        }
        // Hosts that only a VirtualService knows.
        for host in snapshot.virtualServices.exactHosts(visibleIn: node.namespace) where !known.contains(host) {
            if snapshot.service(host, visibleIn: node.namespace) == nil {
                result.append(Candidate(host: host, port: 80, isDefault: true))
            }
        }
        return result
    }

    private func host(_ name: String, _ domains: [String], _ routes: [Wire.Route]) -> Wire.VirtualHost {
        .with {
            $0.name = name
            $0.domains = domains
            $0.routes = routes
            $0.includeRequestAttemptCount = true
        }
    }

    private var unknownHost: Wire.VirtualHost {
        let text =
            "The mesh knows no service of this name and port. Declare a Service for it, or a ServiceEntry if it is outside.\n"
        return .with {
            $0.name = "block_all"
            $0.domains = ["*"]
            $0.routes = [
                .with {
                    $0.name = "block_all"
                    $0.match.prefix = "/"
                    $0.directResponse.status = 502
                    $0.directResponse.body.inlineString = text
                }
            ]
        }
    }
}
