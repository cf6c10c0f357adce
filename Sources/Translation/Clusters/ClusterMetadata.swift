// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// Which services a cluster stands for, which telemetry reads, and which DestinationRule shaped it; as Istio's.
enum ClusterMetadata {
    static func of(_ services: [Service], subset: String?, rule: String? = nil) -> Wire.Metadata {
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
        if let rule { fields["config"] = .init(stringValue: rule) }
        return WireValues.metadata([MetadataKey.istio: fields])
    }
}
