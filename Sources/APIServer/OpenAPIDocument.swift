// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// OpenAPI 3 of one group and version: the schemas of its kinds, and that fields are checked by the server, which is what
/// `kubectl apply` looks for.
enum OpenAPIDocument {
    static var index: ManifestValue {
        var paths: ManifestValue = ["api/v1": ["serverRelativeURL": "/openapi/v3/api/v1"]]
        for group in Discovery.groupNames {
            for version in Discovery.versions(group) {
                let path = "apis/\(group)/\(version)"
                paths[path] = ["serverRelativeURL": .init(.string("/openapi/v3/" + path))]
            }
        }
        return ["paths": paths]
    }

    static func document(group: String, version: String) -> ManifestValue {
        var paths: ManifestValue = [:]
        var schemas: ManifestValue = [:]
        for kind in ResourceKind.allCases where kind.group == group && kind.servedVersions.contains(version) {
            let name = schemaName(kind, version)
            var schema = Self.schema(.object(KindSchema.object(kind)))
            schema["x-kubernetes-group-version-kind"] = [groupVersionKind(kind, version)]
            schemas[name] = schema
            let root = group.isEmpty ? "/api/v1" : "/apis/\(group)/\(version)"
            let path = kind.isNamespaced ? "\(root)/namespaces/{namespace}/\(kind.plural)" : "\(root)/\(kind.plural)"
            paths[path] = operations(["post"], kind, version)
            paths[path + "/{name}"] = operations(["get", "put", "patch", "delete"], kind, version)
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Malla", "version": .init(.string(ProgramVersion.current))], "paths": paths,
            "components": ["schemas": schemas],
        ]
    }

    private static func operations(_ methods: [String], _ kind: ResourceKind, _ version: String) -> ManifestValue {
        let reference: ManifestValue = ["$ref": .init(.string("#/components/schemas/" + schemaName(kind, version)))]
        var item: ManifestValue = [:]
        for method in methods {
            item[method] = [
                "parameters": .init(.array(["dryRun", "fieldManager", "fieldValidation"].map(parameter))),
                "responses": ["200": ["description": "OK", "content": ["application/json": ["schema": reference]]]],
                "x-kubernetes-group-version-kind": groupVersionKind(kind, version),
            ]
        }
        return item
    }

    private static func parameter(_ name: String) -> ManifestValue {
        ["name": .init(.string(name)), "in": "query", "schema": ["type": "string", "uniqueItems": true]]
    }

    static func groupVersionKind(_ kind: ResourceKind, _ version: String) -> ManifestValue {
        ["group": .init(.string(kind.group)), "version": .init(.string(version)), "kind": .init(.string(kind.name))]
    }

    /// `io.istio.networking.v1.VirtualService`
    static func schemaName(_ kind: ResourceKind, _ version: String) -> String {
        let group = kind.group.isEmpty ? "io.k8s.api.core" : kind.group.split(separator: ".").reversed().joined(separator: ".")
        return "\(group).\(version).\(kind.name)"
    }

    static func schema(_ type: FieldType) -> ManifestValue {
        switch type {
        case .string: return ["type": "string"]
        case .bool: return ["type": "boolean"]
        case .integer(let range):
            return ["type": "integer", "format": range.upperBound > Int64(UInt32.max) ? "int64" : "int32"]
        case .number: return ["type": "number", "format": "double"]
        case .duration: return ["type": "string", "description": "a duration such as 500ms or 2s"]
        case .integerOrString: return ["x-kubernetes-int-or-string": true]
        case .enumeration(let values):
            return ["type": "string", "enum": .init(.array(values.map { .init(.string($0)) }))]
        case .list(let element): return ["type": "array", "items": schema(element)]
        case .map(let element): return ["type": "object", "additionalProperties": schema(element)]
        case .any: return ["x-kubernetes-preserve-unknown-fields": true]
        case .object(let object):
            let properties = object.fields.map { ManifestMember($0.name, schema($0.type)) }
            return ["type": "object", "description": .init(.string(object.name)), "properties": .init(.object(properties))]
        }
    }
}
