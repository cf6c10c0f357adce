// SPDX-License-Identifier: Apache-2.0
import MeshModel
import SwiftProtobuf
import Translation
import XDSProtocol

/// One proxy's view of a snapshot, in the form that the discovery server sends.
enum ProxyTranslation {
    static func resources(for node: ProxyNode, in snapshot: MeshSnapshot) -> ProxyResources {
        let generated = MeshTranslation(snapshot: snapshot).resources(for: node)
        var sets: [ResourceType: ResourceSet] = [:]
        for type in ResourceType.allCases {
            sets[type] = ResourceSet(
                generated.resources(ofType: type.typeURL).map {
                    XDSResource(name: $0.name, version: $0.version, payload: Array($0.body.value))
                })
        }
        return ProxyResources(generation: String(snapshot.generation), byType: sets)
    }
}
