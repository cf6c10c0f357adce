// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshResources
import SwiftProtobuf
import XDSProtocol

/// The users' resources that a proxy's complaint is about, as far as it and what the proxy was sent tell.
struct RejectionSuspects: Sendable, Hashable {
    var keys: Set<ResourceKey>
    /// The complaint names what is wrong, so that the others of its kind are cleared.
    var isNamed: Bool

    /// Kinds that resources of a type are made from, where neither names nor metadata say more.
    static func kinds(of type: ResourceType) -> Set<ResourceKind> {
        switch type {
        case .cluster: [.destinationRule, .serviceEntry]
        case .endpoints: [.serviceEntry, .destinationRule]
        case .listener: [.authorizationPolicy, .peerAuthentication, .telemetry, .virtualService]
        case .routes: [.virtualService, .destinationRule]
        case .secret: []
        }
    }

    init(type: ResourceType, message: String, sent: ResourceSet) {
        let named = sent.resources.filter { message.contains($0.name) }
        let resources = named.isEmpty ? sent.resources : named
        switch type {
        case .cluster:
            keys = Set(resources.flatMap(Self.causes(ofCluster:)))
            isNamed = !named.isEmpty
        case .routes:
            let found = resources.map { Self.causes(ofRoutes: $0, message) }
            let narrowed = found.filter(\.isNamed)
            keys = Set((narrowed.isEmpty ? found : narrowed).flatMap(\.keys))
            isNamed = !narrowed.isEmpty
        case .listener:
            let policies = resources.map { Self.policies(in: String(decoding: $0.payload, as: UTF8.self)) }
            let said = Self.policies(in: message)
            keys = said.isEmpty ? Set(policies.joined()) : said
            isNamed = !said.isEmpty
        case .endpoints, .secret:
            keys = []
            isNamed = false
        }
    }

    // MARK: What metadata says

    private static func causes(ofCluster resource: XDSResource) -> [ResourceKey] {
        guard let cluster = try? Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.payload) else { return [] }
        return key(cluster.metadata).map { [$0] } ?? []
    }

    private static func causes(ofRoutes resource: XDSResource, _ message: String) -> (keys: [ResourceKey], isNamed: Bool) {
        guard let table = try? Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: resource.payload) else {
            return ([], false)
        }
        var hosts = table.virtualHosts
        var isNamed = false
        if let index = index(of: "virtual_hosts", in: message), hosts.indices.contains(index) {
            hosts = [hosts[index]]
            isNamed = true
            if let index = self.index(of: "routes", in: message), hosts[0].routes.indices.contains(index) {
                hosts[0].routes = [hosts[0].routes[index]]
            }
        } else {
            let named = hosts.filter { host in
                message.contains(host.name) || host.domains.contains { $0.count > 1 && message.contains($0) }
            }
            if !named.isEmpty {
                hosts = named
                isNamed = true
            }
        }
        return (hosts.flatMap(\.routes).compactMap { key($0.metadata) }, isNamed)
    }

    private static func key(_ metadata: Envoy_Config_Core_V3_Metadata) -> ResourceKey? {
        guard case .stringValue(let path)? = metadata.filterMetadata[MetadataKey.istio]?.fields["config"]?.kind else { return nil }
        // /apis/networking.istio.io/v1/namespaces/NAMESPACE/virtual-service/NAME
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 7, let kind = ResourceKind(argument: parts[5].replacing("-", with: "")) else { return nil }
        return ResourceKey(kind: kind, namespace: parts[4], name: parts[6])
    }

    // MARK: What texts say

    /// The first `name[3]`.
    private static func index(of name: String, in text: String) -> Int? {
        guard let start = text.range(of: name + "[") else { return nil }
        return Int(text[start.upperBound...].prefix { $0.isASCII && $0.isNumber }.prefix(9))
    }

    /// `ns[NAMESPACE]-policy[NAME]-rule[0]`, as the rules of authorization filters are called.
    private static func policies(in text: String) -> Set<ResourceKey> {
        var found: Set<ResourceKey> = []
        for part in text.components(separatedBy: "ns[").dropFirst() {
            let pieces = part.prefix(600).components(separatedBy: "]-policy[")
            guard pieces.count >= 2, let name = pieces[1].split(separator: "]", maxSplits: 1).first else { continue }
            found.insert(ResourceKey(kind: .authorizationPolicy, namespace: pieces[0], name: String(name)))
        }
        return found
    }
}
