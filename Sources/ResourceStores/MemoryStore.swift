// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import MeshResources
import Synchronization

/// A store that forgets everything at the end of the process: for tests and trial runs.
package final class MemoryStore: ResourceStore {
    private let published: PublishedState
    /// Held by the one writer at a time.
    private let writing = Mutex(())
    private let now: @Sendable () -> Date
    private let uid: @Sendable () -> String

    package init(
        logCapacity: Int = 10_000, now: @escaping @Sendable () -> Date = { Date() },
        uid: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        published = PublishedState(table: ResourceTable(), logCapacity: logCapacity)
        self.now = now
        self.uid = uid
    }

    package var revision: UInt64 { published.table.revision }

    package var watcherCount: Int { published.watcherCount }

    package func get(_ key: ResourceKey) async throws -> ValidatedResource? { published.table[key] }

    package func list(_ query: ResourceQuery) async throws -> ResourceList { published.table.list(query) }

    package func create(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource {
        try apply(ResourceMutation(operation: .create(resource), author: author))
    }

    package func replace(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource {
        try apply(ResourceMutation(operation: .replace(resource), author: author))
    }

    package func delete(_ key: ResourceKey, if precondition: DeletePrecondition, author: String) async throws
        -> ValidatedResource
    {
        try apply(ResourceMutation(operation: .delete(key, precondition), author: author))
    }

    package func watch(_ query: ResourceQuery, after revision: UInt64) async throws -> ResourceWatch {
        let (live, floor) = try published.watch(after: revision)
        guard revision >= floor else {
            throw StoreError(.expired, nil, "revision \(revision) is too old; the oldest that can be resumed from is \(floor)")
        }
        return ResourceWatch(query: query, history: [], live: live)
    }

    package func compact(through revision: UInt64) async throws { published.compact(through: revision) }

    package func endWatches() { published.endWatches() }

    private func apply(_ mutation: ResourceMutation) throws -> ValidatedResource {
        try writing.withLock { _ in
            var table = published.table
            let outcome = try table.apply(mutation, time: now(), uid: uid)
            if case .changed(let event) = outcome { published.publish(table, [event]) }
            return outcome.resource
        }
    }
}
