// SPDX-License-Identifier: Apache-2.0
import MeshResources
import NIOHTTP1

/// Brings resources to the API server: made where they are missing, replaced where they differ.
struct ManifestApplication: Sendable {
    enum Outcome: String, Sendable { case created, configured, unchanged }

    let client: APIClient
    let isDryRun: Bool

    private var query: [String: String] { isDryRun ? ["dryRun": "All"] : [:] }

    /// Namespaces that resources name and that do not exist are made; true when it was.
    func makeNamespace(_ name: String) async throws -> Bool {
        let key = ResourceKey(kind: .namespace, namespace: "", name: name)
        let found = try await client.get(ResourcePath.object(key))
        if found.isSuccess { return false }
        guard found.status == 404 else { throw found.failure }
        let body: ManifestValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .init(.string(name))]]
        let made = try await client.send(.POST, ResourcePath.collection(.namespace, namespace: nil), query: query, body: body)
        guard made.isSuccess || made.status == 409 else { throw made.failure }
        return made.isSuccess
    }

    func apply(_ resource: ValidatedResource) async throws -> (outcome: Outcome, warnings: [String]) {
        let path = ResourcePath.object(resource.key)
        let current = try await client.get(path)
        guard current.status != 404 else {
            let made = try await client.send(
                .POST, ResourcePath.collection(resource.kind, namespace: resource.metadata.namespace), query: query,
                body: resource.tree)
            guard made.isSuccess else { throw made.failure }
            return (.created, made.warnings)
        }
        guard current.isSuccess else { throw current.failure }
        let stored = try await client.send(.PUT, path, query: query, body: Self.keepingMark(resource.tree, current.tree))
        guard stored.isSuccess else { throw stored.failure }
        return (same(current.tree, stored.tree) ? .unchanged : .configured, stored.warnings)
    }

    /// What kubectl notes about its last apply stays while it holds: when nothing else differs.
    static func keepingMark(_ tree: ManifestValue, _ current: ManifestValue) -> ManifestValue {
        let name = "kubectl.kubernetes.io/last-applied-configuration"
        guard let mark = current["metadata"]?["annotations"]?[name], tree["spec"] == current["spec"] else { return tree }
        var metadata = tree["metadata"] ?? [:]
        var annotations = metadata["annotations"] ?? [:]
        guard annotations.isObject, annotations[name] == nil else { return tree }
        annotations[name] = mark
        metadata["annotations"] = annotations
        guard ["labels", "annotations"].allSatisfy({ metadata[$0] == current["metadata"]?[$0] }) else { return tree }
        var kept = tree
        kept["metadata"] = metadata
        return kept
    }

    private func same(_ left: ManifestValue, _ right: ManifestValue) -> Bool {
        guard isDryRun else { return left["metadata"]?.string("resourceVersion") == right["metadata"]?.string("resourceVersion") }
        let keys = ["labels", "annotations"]
        return left["spec"] == right["spec"] && keys.allSatisfy { left["metadata"]?[$0] == right["metadata"]?[$0] }
    }
}
