// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// Which services a cluster stands for; telemetry reads it, as Istio's does.
enum ClusterMetadata {
    static func of(_ services: [Service], subset: String?) -> Wire.Metadata {
        var fields: [String: Google_Protobuf_Value] = [:]
        let entries = services.map { service in
            Google_Protobuf_Value(
                structValue: WireValues.structure([
                    "host": .init(stringValue: service.hostname), "name": .init(stringValue: service.name),
                    "namespace": .init(stringValue: service.namespace),
                ]))
        }
        if !entries.isEmpty { fields["services"] = .init(listValue: .init(values: entries)) }
        if let subset { fields["subset"] = .init(stringValue: subset) }
        return WireValues.metadata([MetadataKey.istio: fields])
    }
}
