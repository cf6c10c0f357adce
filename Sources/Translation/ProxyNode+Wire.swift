// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import MeshModel
import SwiftProtobuf

extension ProxyNode {
    /// The proxy that sent this node with its first request.
    package static func decode(_ node: Envoy_Config_Core_V3_Node) throws(ProxyNodeError) -> ProxyNode {
        try decode(id: node.id, metadata: node.metadata.fields.mapValues(NodeMetadataValue.init))
    }
}

extension NodeMetadataValue {
    init(_ value: Google_Protobuf_Value) {
        switch value.kind {
        case .boolValue(let flag): self = .bool(flag)
        case .numberValue(let number): self = .number(number)
        case .stringValue(let text): self = .string(text)
        case .listValue(let list): self = .list(list.values.map(NodeMetadataValue.init))
        case .structValue(let object): self = .object(object.fields.mapValues(NodeMetadataValue.init))
        case .nullValue, nil: self = .null
        }
    }
}
