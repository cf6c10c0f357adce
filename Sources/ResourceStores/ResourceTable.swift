// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// All current resources at one revision, and the rules by which a write changes them. A value: no lock, no clock, no disk.
struct ResourceTable: Sendable {
    private(set) var revision: UInt64
    private var byKind: [ResourceKind: [ResourceKey: ValidatedResource]]

    init(revision: UInt64 = 0, resources: [ValidatedResource] = []) {
        self.revision = revision
        byKind = [:]
        for resource in resources { byKind[resource.kind, default: [:]][resource.key] = resource }
    }

    subscript(key: ResourceKey) -> ValidatedResource? { byKind[key.kind]?[key] }

    func list(_ query: ResourceQuery) -> ResourceList {
        let candidates: [ValidatedResource] =
            if let kind = query.kind { byKind[kind].map { Array($0.values) } ?? [] } else { byKind.values.flatMap(\.values) }
        return ResourceList(items: candidates.filter(query.matches).sorted { $0.key < $1.key }, revision: revision)
    }

    mutating func apply(_ mutation: ResourceMutation, time: Date, uid: () -> String) throws(StoreError) -> MutationOutcome {
        switch mutation.operation {
        case .create(let resource): try create(resource, author: mutation.author, time: time, uid: uid())
        case .replace(let resource): try replace(resource, author: mutation.author, time: time)
        case .delete(let key, let precondition): try delete(key, precondition, author: mutation.author, time: time)
        }
    }

    private mutating func create(_ resource: ValidatedResource, author: String, time: Date, uid: String) throws(StoreError)
        -> MutationOutcome
    {
        guard self[resource.key] == nil else { throw StoreError(.alreadyExists, resource.key, "already exists") }
        let stored = resource.stamped(
            uid: uid, revision: revision + 1, generation: 1, creationTimestamp: time.formatted(.iso8601))
        return record(.added, stored, previous: nil, author: author, time: time)
    }

    private mutating func replace(_ resource: ValidatedResource, author: String, time: Date) throws(StoreError)
        -> MutationOutcome
    {
        guard let current = self[resource.key] else { throw StoreError(.notFound, resource.key, "not found") }
        let expected = resource.metadata.resourceVersion
        guard expected == 0 || expected == current.metadata.resourceVersion else {
            throw StoreError(
                .conflict, resource.key,
                "the object has been modified (resourceVersion \(current.metadata.resourceVersion), not \(expected)); "
                    + "please apply your changes to the latest version and try again")
        }
        if !resource.metadata.uid.isEmpty, resource.metadata.uid != current.metadata.uid {
            throw StoreError(.conflict, resource.key, "the object with uid \(resource.metadata.uid) is gone; this is another one")
        }
        let sameSpecification = resource.specificationTree == current.specificationTree
        let old = current.metadata
        let candidate = resource.stamped(
            uid: old.uid, revision: old.resourceVersion, generation: old.generation, creationTimestamp: old.creationTimestamp)
        if candidate.tree == current.tree { return .unchanged(current) }
        let stored = resource.stamped(
            uid: old.uid, revision: revision + 1, generation: sameSpecification ? old.generation : old.generation + 1,
            creationTimestamp: old.creationTimestamp)
        return record(.modified, stored, previous: current, author: author, time: time)
    }

    private mutating func delete(_ key: ResourceKey, _ precondition: DeletePrecondition, author: String, time: Date)
        throws(StoreError) -> MutationOutcome
    {
        guard let current = self[key] else { throw StoreError(.notFound, key, "not found") }
        if let uid = precondition.uid, uid != current.metadata.uid {
            throw StoreError(.conflict, key, "precondition failed: uid is \(current.metadata.uid), not \(uid)")
        }
        if let version = precondition.resourceVersion, version != current.metadata.resourceVersion {
            throw StoreError(
                .conflict, key, "precondition failed: resourceVersion is \(current.metadata.resourceVersion), not \(version)")
        }
        let old = current.metadata
        let last = current.stamped(
            uid: old.uid, revision: revision + 1, generation: old.generation, creationTimestamp: old.creationTimestamp)
        return record(.deleted, last, previous: current, author: author, time: time)
    }

    private mutating func record(
        _ change: ResourceEvent.Change, _ resource: ValidatedResource, previous: ValidatedResource?, author: String, time: Date
    ) -> MutationOutcome {
        revision += 1
        byKind[resource.kind, default: [:]][resource.key] = change == .deleted ? nil : resource
        return .changed(
            ResourceEvent(
                change: change, resource: resource, previous: previous, revision: revision, time: time, author: author))
    }
}
