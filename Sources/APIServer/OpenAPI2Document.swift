// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// OpenAPI 2 of all kinds, for older clients: definitions only, since nobody looks for paths in it.
enum OpenAPI2Document {
    /// kubectl asks for it with an `@` for the second dot, which it cannot read in an answer.
    private static let protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    static func response(accept: String) -> APIResponse {
        guard accept.contains("proto-openapi.spec.v2") else { return .json(tree) }
        return APIResponse(contentType: protobufType, body: .data(protobuf(tree)))
    }

    static var tree: ManifestValue {
        var definitions: [ManifestMember] = []
        for kind in ResourceKind.allCases {
            for version in kind.servedVersions {
                var schema = OpenAPIDocument.schema(.object(KindSchema.object(kind)))
                schema["x-kubernetes-group-version-kind"] = [OpenAPIDocument.groupVersionKind(kind, version)]
                definitions.append(ManifestMember(OpenAPIDocument.schemaName(kind, version), schema))
            }
        }
        return [
            "swagger": "2.0", "info": ["title": "Malla", "version": .init(.string(ProgramVersion.current))], "paths": [:],
            "definitions": .init(.object(definitions)),
        ]
    }

    /// `openapi.v2.Document` of gnostic's OpenAPIv2.proto.
    private static func protobuf(_ tree: ManifestValue) -> Data {
        var writer = ProtobufWriter()
        writer.text(1, tree.string("swagger"))
        writer.message(2) { info in
            info.text(1, tree["info"]?.string("title"))
            info.text(2, tree["info"]?.string("version"))
        }
        writer.message(8) { _ in }
        writer.message(9) { namedSchemas(&$0, tree["definitions"]) }
        return writer.bytes
    }

    /// A map of schemas: `Definitions` and `Properties`.
    private static func namedSchemas(_ writer: inout ProtobufWriter, _ schemas: ManifestValue?) {
        for member in schemas?.members ?? [] {
            writer.message(1) { entry in
                entry.text(1, member.key)
                entry.message(2) { schema(member.value, &$0) }
            }
        }
    }

    private static func schema(_ tree: ManifestValue, _ writer: inout ProtobufWriter) {
        writer.text(2, tree.string("format"))
        writer.text(4, tree.string("description"))
        for value in tree["enum"]?.array ?? [] {
            writer.message(20) { $0.text(2, JSONTreeWriter.compact(value)) }
        }
        if let values = tree["additionalProperties"] {
            writer.message(21) { item in item.message(1) { schema(values, &$0) } }
        }
        if let type = tree.string("type") { writer.message(22) { $0.text(1, type) } }
        if let items = tree["items"] { writer.message(23) { item in item.message(1) { schema(items, &$0) } } }
        if let properties = tree["properties"] { writer.message(25) { namedSchemas(&$0, properties) } }
        for member in tree.members ?? [] where member.key.hasPrefix("x-") {
            writer.message(31) { entry in
                entry.text(1, member.key)
                entry.message(2) { $0.text(2, JSONTreeWriter.compact(member.value)) }
            }
        }
    }
}
