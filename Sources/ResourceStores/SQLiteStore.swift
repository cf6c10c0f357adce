// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Foundation
import GRDB
package import MeshResources
import Synchronization

/// The embedded store: SQLite with a write-ahead log that is flushed before a write is acknowledged.
///
/// All current resources are also in memory, so reads never touch the disk. Writes that wait at the same time share one
/// transaction, and one flush.
package final class SQLiteStore: ResourceStore {
    private typealias Waiting = (mutation: ResourceMutation, done: CheckedContinuation<ValidatedResource, any Error>)

    private let pool: DatabasePool
    private let published: PublishedState
    private let waiting = Mutex<[Waiting]>([])
    /// The only place that writes.
    private let writer = DispatchQueue(label: "malla.store.writer")
    private let now: @Sendable () -> Date
    private let uid: @Sendable () -> String

    /// Rows that could not be read when the store was opened, as `Kind namespace/name`.
    package let unreadable: [String]

    package init(
        path: String, logCapacity: Int = 10_000, now: @escaping @Sendable () -> Date = { Date() },
        uid: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) throws {
        var configuration = Configuration()
        configuration.label = "malla.store"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // FULL: the log is flushed at every commit, so what was acknowledged also survives a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        try SchemaMigrations.migrator.migrate(pool)
        var unreadable: [String] = []
        let table = try pool.read { database in
            ResourceTable(
                revision: try ResourceTables.counter("revision", database),
                resources: try ResourceTables.resources(database) { unreadable.append($0) })
        }
        self.unreadable = unreadable
        published = PublishedState(table: table, logCapacity: logCapacity)
        self.now = now
        self.uid = uid
    }

    package var revision: UInt64 { published.table.revision }

    /// Watches that are open.
    package var watcherCount: Int { published.watcherCount }

    package func get(_ key: ResourceKey) async throws -> ValidatedResource? { published.table[key] }

    package func list(_ query: ResourceQuery) async throws -> ResourceList { published.table.list(query) }

    package func create(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource {
        try await submit(ResourceMutation(operation: .create(resource), author: author))
    }

    package func replace(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource {
        try await submit(ResourceMutation(operation: .replace(resource), author: author))
    }

    package func delete(_ key: ResourceKey, if precondition: DeletePrecondition, author: String) async throws
        -> ValidatedResource
    {
        try await submit(ResourceMutation(operation: .delete(key, precondition), author: author))
    }

    package func watch(_ query: ResourceQuery, after revision: UInt64) async throws -> ResourceWatch {
        let (live, floor) = try published.watch(after: revision)
        guard revision < floor else { return ResourceWatch(query: query, history: [], live: live) }
        let (compacted, history) = try await pool.read { database in
            (
                try ResourceTables.counter("compacted", database),
                try ResourceTables.events(after: revision, through: floor, database)
            )
        }
        guard revision >= compacted else {
            throw StoreError(.expired, nil, "revision \(revision) is too old; the oldest that can be resumed from is \(compacted)")
        }
        return ResourceWatch(query: query, history: history, live: live)
    }

    package func compact(through revision: UInt64) async throws {
        let last = min(revision, self.revision)
        try await pool.write { database in
            guard try ResourceTables.counter("compacted", database) < last else { return }
            try database.execute(sql: "DELETE FROM events WHERE revision <= ?", arguments: [Int64(clamping: last)])
            try ResourceTables.set("compacted", to: last, database)
        }
        published.compact(through: last)
    }

    /// Every change of one resource that is still known, oldest first.
    package func history(of key: ResourceKey) async throws -> [ResourceEvent] {
        try await pool.read { try ResourceTables.history(of: key, $0) }
    }

    package func endWatches() { published.endWatches() }

    /// Ends all watches, finishes the writes that wait, and closes the files.
    package func close() throws {
        published.endWatches()
        try writer.sync { try pool.close() }
    }

    private func submit(_ mutation: ResourceMutation) async throws -> ValidatedResource {
        try await withCheckedThrowingContinuation { done in
            waiting.withLock { $0.append((mutation, done)) }
            writer.async { self.commitWaiting() }
        }
    }

    /// On the writer queue: everything that waits, in one transaction. Nothing is visible before it is on disk.
    private func commitWaiting() {
        let batch = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !batch.isEmpty else { return }
        var table = published.table
        var events: [ResourceEvent] = []
        let outcomes = batch.map { item in
            Result { () throws -> ValidatedResource in
                let outcome = try table.apply(item.mutation, time: now(), uid: uid)
                if case .changed(let event) = outcome { events.append(event) }
                return outcome.resource
            }
        }
        do {
            try commit(events, revision: table.revision)
        } catch {
            let failure = StoreError(.storage, nil, "the store could not be written: \(error)")
            for item in batch { item.done.resume(throwing: failure) }
            return
        }
        if !events.isEmpty { published.publish(table, events) }
        for (item, outcome) in zip(batch, outcomes) { item.done.resume(with: outcome) }
    }

    private func commit(_ events: [ResourceEvent], revision: UInt64) throws {
        guard !events.isEmpty else { return }
        try pool.write { database in
            for event in events { try ResourceTables.append(event, database) }
            try ResourceTables.set("revision", to: revision, database)
        }
    }
}
