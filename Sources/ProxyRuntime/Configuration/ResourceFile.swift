// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// Reads a file of resources: a `DiscoveryResponse` as YAML or JSON, as Envoy's `path_config_source` has it.
enum ResourceFile {
    static func read(_ path: String, _ type: ResourceType) throws(BootstrapError) -> [XDSResource] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw BootstrapError(path: path, reason: "cannot be read")
        }
        do {
            return try Self.resources(text, type)
        } catch {
            throw BootstrapError(path: error.path.isEmpty ? path : "\(path): \(error.path)", reason: error.reason)
        }
    }

    private static func resources(_ text: String, _ type: ResourceType) throws(BootstrapError) -> [XDSResource] {
        let response = try MessageDocument.read(
            try DocumentTree(document: text), as: Envoy_Service_Discovery_V3_DiscoveryResponse.self)
        var result: [XDSResource] = []
        var names: Set<String> = []
        for (index, any) in response.resources.enumerated() {
            guard any.typeURL == type.typeURL else {
                throw BootstrapError(path: "resources[\(index)]", reason: "is a \(any.typeURL), not a \(type.typeURL)")
            }
            let name = try Self.name(any, type, index)
            guard names.insert(name).inserted else {
                throw BootstrapError(path: "resources[\(index)]", reason: "there is another '\(name)'")
            }
            result.append(XDSResource(name: name, payload: Array(any.value)))
        }
        return result
    }

    private static func name(
        _ any: Google_Protobuf_Any, _ type: ResourceType, _ index: Int
    ) throws(BootstrapError) -> String {
        let name: String?
        switch type {
        case .cluster: name = (try? Envoy_Config_Cluster_V3_Cluster(serializedBytes: any.value))?.name
        case .listener: name = (try? Envoy_Config_Listener_V3_Listener(serializedBytes: any.value))?.name
        default: name = nil
        }
        guard let name, !name.isEmpty else { throw BootstrapError(path: "resources[\(index)].name", reason: "is empty") }
        return name
    }
}
