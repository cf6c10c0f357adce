// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Proxy
import ProxyModel
import SwiftProtobuf
import XDSDecoding
import XDSProtocol

/// Decodes everything that a bootstrap holds itself, so that a mistake is said with its place in the file before anything runs.
package enum StaticConfigurationCheck {
    /// - Parameter needsFiles: Files of certificates have to be there.
    package static func check(_ bootstrap: ProxyBootstrap, needsFiles: Bool = false) throws(BootstrapError) {
        let resources = bootstrap.message.staticResources
        var snapshot = ProxySnapshot()
        var names: Set<String> = []
        for (index, cluster) in resources.clusters.enumerated() {
            let place = "static_resources.clusters[\(index)]"
            guard names.insert(cluster.name).inserted else {
                throw BootstrapError(path: place, reason: "there is another cluster '\(cluster.name)'")
            }
            // Ways to the control plane are not run by the data plane.
            guard !ResourceTable.controlPlaneClusters(bootstrap).contains(cluster.name) else { continue }
            if case .cluster(let decoded) = try Self.decode(.cluster, cluster, place) { snapshot.clusters[decoded.name] = decoded }
            try Self.checkSources(.cluster, cluster, place, bootstrap)
        }
        for (index, listener) in resources.listeners.enumerated() {
            let named = ResourceTable.named(listener, index: index)
            let place = "static_resources.listeners[\(index)]"
            guard case .listener(let decoded) = try Self.decode(.listener, named, place) else { continue }
            try Self.checkSources(.listener, named, place, bootstrap)
            try RouteClusterCheck(clusters: names).check(named, place)
            guard snapshot.listeners.updateValue(decoded, forKey: decoded.name) == nil else {
                throw BootstrapError(path: place, reason: "there is another listener '\(decoded.name)'")
            }
        }
        for (index, secret) in resources.secrets.enumerated() {
            let place = "static_resources.secrets[\(index)]"
            guard case .secret(let name, let decoded) = try Self.decode(.secret, secret, place) else { continue }
            guard !name.isEmpty else { throw BootstrapError(path: "\(place).name", reason: "is empty") }
            guard snapshot.secrets.updateValue(decoded, forKey: name) == nil else {
                throw BootstrapError(path: place, reason: "there is another secret '\(name)'")
            }
        }
        do {
            try ProxyServer.check(snapshot, needsFiles: needsFiles)
        } catch {
            throw BootstrapError(path: Self.place(of: error.subject, in: resources), reason: "\(error)")
        }
    }

    private static func place(of subject: String, in resources: Envoy_Config_Bootstrap_V3_Bootstrap.StaticResources) -> String {
        if let index = resources.clusters.firstIndex(where: { "cluster \($0.name)" == subject }) {
            return "static_resources.clusters[\(index)]"
        }
        for (index, listener) in resources.listeners.enumerated()
        where "listener \(ResourceTable.named(listener, index: index).name)" == subject {
            return "static_resources.listeners[\(index)]"
        }
        return "static_resources"
    }

    private static func checkSources(
        _ type: ResourceType, _ message: some Message, _ place: String, _ bootstrap: ProxyBootstrap
    ) throws(BootstrapError) {
        guard let payload = try? message.serializedBytes() as [UInt8] else { return }
        let directory = SourceDirectory(hasOwnSecrets: bootstrap.hasIdentity) { bootstrap.fault(of: $0) }
        let references = ResourceReferences(XDSResource(name: "", version: "", payload: payload), type)
        if let fault = directory.fault(in: references) { throw BootstrapError(path: place, reason: fault) }
    }

    private static func decode(
        _ type: ResourceType, _ message: some Message, _ place: String
    ) throws(BootstrapError) -> DecodedResource {
        do {
            return try ResourceDecoder.decode(typeURL: type.typeURL, name: "", payload: try message.serializedBytes())
        } catch let error as DecodingError {
            let path = error.path.isEmpty ? place : "\(place).\(error.path)"
            throw BootstrapError(path: path, reason: "\(error.message) (\(error.typeURL))")
        } catch {
            throw BootstrapError(path: place, reason: "\(error)")
        }
    }
}
