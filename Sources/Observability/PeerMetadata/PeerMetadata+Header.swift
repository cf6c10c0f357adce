// SPDX-License-Identifier: Apache-2.0
import Foundation

extension PeerMetadata {
    /// The header's value: base64 of a protobuf `google.protobuf.Struct`. Sorted, so the same metadata is the same text.
    package var headerValue: String {
        var writer = StructWriter()
        for (key, value) in [
            ("CLUSTER_ID", self.cluster), ("MESH_ID", self.mesh), ("NAME", self.name), ("NAMESPACE", self.namespace),
            ("WORKLOAD_NAME", self.workload),
        ] {
            if let value { writer.add(key, text: value) }
        }
        var labels = StructWriter()
        for (key, value) in self.labels.sorted(by: { $0.key < $1.key }) { labels.add(key, text: value) }
        writer.add("LABELS", object: labels)
        return Data(writer.bytes).base64EncodedString()
    }

    /// Nil for anything that is too long, not base64 or not a `Struct`.
    package init?(headerValue: String) {
        guard headerValue.utf8.count <= Self.maximumHeaderLength, let data = Data(base64Encoded: headerValue) else { return nil }
        guard let fields = StructReader.fields(Array(data), nestedKey: "LABELS") else { return nil }
        let text = fields.texts.filter { $0.value.utf8.count <= Self.maximumValueLength }
        self.init(
            name: text["NAME"], namespace: text["NAMESPACE"], workload: text["WORKLOAD_NAME"], cluster: text["CLUSTER_ID"],
            mesh: text["MESH_ID"],
            labels: fields.nested.filter {
                $0.key.utf8.count <= Self.maximumValueLength && $0.value.utf8.count <= Self.maximumValueLength
            })
    }

    /// For a receiving proxy: the metadata only counts if its namespace is the one that the peer's identity proves.
    package static func labels(header: String?, provenNamespace: String?, principal: String?) -> PeerLabels {
        var unknown = PeerLabels()
        unknown.principal = principal ?? PeerLabels.unknownValue
        guard let header, let provenNamespace, let metadata = PeerMetadata(headerValue: header),
            metadata.namespace == provenNamespace
        else { return unknown }
        return metadata.peerLabels(principal: principal)
    }
}
