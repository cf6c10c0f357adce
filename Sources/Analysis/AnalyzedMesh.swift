// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// What the checks look at: the mesh as proxies will see it, and its resources as they were written.
struct AnalyzedMesh: Sendable {
    let snapshot: MeshSnapshot
    /// Sorted by kind, namespace and name.
    let resources: [ValidatedResource]

    init(_ resources: [ValidatedResource], configuration: MeshConfiguration) {
        self.resources = resources.sorted { $0.key < $1.key }
        snapshot = MeshSnapshotBuilder(configuration: configuration).build(resources, generation: 0)
    }

    var domain: String { snapshot.configuration.domain }

    var virtualServices: [(key: ResourceKey, rule: VirtualService)] {
        resources.compactMap { if case .virtualService(let rule) = $0.specification { ($0.key, rule) } else { nil } }
    }

    var serviceEntries: [(key: ResourceKey, entry: ServiceEntry)] {
        resources.compactMap { if case .serviceEntry(let entry) = $0.specification { ($0.key, entry) } else { nil } }
    }

    /// Namespaces that exist.
    var namespaces: [String] { resources.filter { $0.kind == .namespace }.map(\.metadata.name) }
}
