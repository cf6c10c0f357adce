// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// What clients learn from the API about itself.
enum Discovery {
    private static let verbs: ManifestValue = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    static var groupNames: [String] { Set(ResourceKind.allCases.map(\.group)).subtracting([""]).sorted() }

    static func versions(_ group: String) -> [String] {
        ResourceKind.allCases.first { $0.group == group }?.servedVersions ?? []
    }

    static func document(_ path: APIPath) -> ManifestValue? {
        switch path {
        case .index: ["paths": list(["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"])]
        case .coreVersions: ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []]
        case .groups:
            ["kind": "APIGroupList", "apiVersion": "v1", "groups": ManifestValue(.array(groupNames.map { group($0) }))]
        case .group(let name): withType(group(name))
        case .resources(let group, let version): resources(group, version)
        case .version: version
        default: nil
        }
    }

    private static func group(_ name: String) -> ManifestValue {
        let versions = versions(name).map { version -> ManifestValue in
            ["groupVersion": .init(.string("\(name)/\(version)")), "version": .init(.string(version))]
        }
        return [
            "name": .init(.string(name)), "versions": .init(.array(versions)), "preferredVersion": versions.first ?? [:],
        ]
    }

    private static func withType(_ tree: ManifestValue) -> ManifestValue {
        var tree = tree
        tree["kind"] = "APIGroup"
        tree["apiVersion"] = "v1"
        return tree
    }

    private static func resources(_ group: String, _ version: String) -> ManifestValue {
        let kinds = ResourceKind.allCases.filter { $0.group == group && $0.servedVersions.contains(version) }
        var entries = kinds.map { kind -> ManifestValue in
            [
                "name": .init(.string(kind.plural)), "singularName": .init(.string(kind.singular)),
                "namespaced": .init(.bool(kind.isNamespaced)), "kind": .init(.string(kind.name)), "verbs": verbs,
                "shortNames": list(kind.shortNames),
                "categories": group.isEmpty
                    ? list(kind == .service ? ["all"] : []) : list(["istio-io", group.prefix { $0 != "." } + "-istio-io"]),
            ]
        }
        if group.isEmpty {
            entries.append([
                "name": "serviceaccounts/token", "singularName": "", "namespaced": true, "group": "authentication.k8s.io",
                "version": "v1", "kind": "TokenRequest", "verbs": ["create"],
            ])
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1",
            "groupVersion": .init(.string(group.isEmpty ? version : "\(group)/\(version)")),
            "resources": .init(.array(entries)),
        ]
    }

    /// The Kubernetes whose API this is a part of, and who serves it.
    private static var version: ManifestValue {
        [
            "major": "1", "minor": "32", "gitVersion": .init(.string("v1.32.0-malla.\(ProgramVersion.current)")), "gitCommit": "",
            "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": "swift", "platform": "linux",
            "mallaVersion": .init(.string(ProgramVersion.current)),
        ]
    }

    private static func list(_ texts: [String]) -> ManifestValue { .init(.array(texts.map { .init(.string($0)) })) }
}
