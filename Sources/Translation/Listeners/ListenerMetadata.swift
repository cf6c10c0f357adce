// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// What our proxy reads from a listener and Envoy ignores.
enum ListenerMetadata {
    enum Reporter: String { case source, destination }

    static func telemetry(reporter: Reporter, disabledMetrics: [String]) -> Wire.Metadata {
        WireValues.metadata([
            MetadataKey.telemetry: [
                "reporter": .init(stringValue: reporter.rawValue),
                "disabledMetrics": .init(listValue: .init(values: disabledMetrics.map { Google_Protobuf_Value(stringValue: $0) })),
            ]
        ])
    }
}
