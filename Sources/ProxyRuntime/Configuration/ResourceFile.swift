// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSClient
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
            let place = "resources[\(index)]"
            let resource: XDSResource
            do {
                resource = try ResourceEnvelope.open(any, place, type)
            } catch {
                throw BootstrapError(reason: error.message)
            }
            guard names.insert(resource.name).inserted else {
                throw BootstrapError(path: place, reason: "there is another '\(resource.name)'")
            }
            result.append(resource)
        }
        return result
    }
}
