// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Reads `filter_metadata`, in which control and data plane agree on what Envoy has no field for.
enum MetadataReader {
    static func fields(_ metadata: Envoy_Config_Core_V3_Metadata, _ key: String) -> [String: Google_Protobuf_Value] {
        metadata.filterMetadata[key]?.fields ?? [:]
    }

    static func text(_ value: Google_Protobuf_Value?) -> String? {
        guard case .stringValue(let text)? = value?.kind else { return nil }
        return text
    }

    /// The fields of a struct that are texts.
    static func texts(_ fields: [String: Google_Protobuf_Value]) -> [String: String] { fields.compactMapValues(Self.text) }
}
