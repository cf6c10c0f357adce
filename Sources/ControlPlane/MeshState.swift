// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources
import ResourceStores

/// The resources as the store's watch has told them so far. A value: changes come in, a snapshot comes out.
struct MeshState: Sendable {
    private(set) var revision: UInt64
    private var resources: [ResourceKey: ValidatedResource] = [:]

    init(_ list: ResourceList) {
        revision = list.revision
        for resource in list.items { resources[resource.key] = resource }
    }

    /// False when proxies cannot see the difference: only status or bookkeeping has changed.
    mutating func apply(_ event: ResourceEvent) -> Bool {
        revision = event.revision
        let key = event.resource.key
        let old = resources[key]
        guard event.change != .deleted else {
            resources[key] = nil
            return old != nil
        }
        resources[key] = event.resource
        guard let old else { return true }
        return old.metadata.generation != event.resource.metadata.generation
            || old.metadata.labels != event.resource.metadata.labels
            || old.metadata.annotations != event.resource.metadata.annotations
    }

    func snapshot(_ builder: MeshSnapshotBuilder) -> MeshSnapshot {
        builder.build(Array(resources.values), generation: revision)
    }
}
