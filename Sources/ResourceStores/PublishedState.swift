// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What readers and watchers of a store see: the table after the last finished write, the log, and who is watching.
///
/// Only one writer at a time calls `publish`; everything else may be called from anywhere.
final class PublishedState: Sendable {
    typealias Continuation = AsyncThrowingStream<ResourceEvent, any Error>.Continuation

    private struct State: Sendable {
        var table: ResourceTable
        var log: EventLog
        var watchers: [UInt64: Continuation] = [:]
        var nextWatcher: UInt64 = 0
        var watchesEnded = false
    }

    /// Changes that a watcher may be behind before it is told to list again.
    private static let watcherBuffer = 16_384

    private let state: Mutex<State>

    init(table: ResourceTable, logCapacity: Int) {
        state = Mutex(State(table: table, log: EventLog(floor: table.revision, capacity: logCapacity)))
    }

    var table: ResourceTable { state.withLock { $0.table } }

    var watcherCount: Int { state.withLock { $0.watchers.count } }

    func publish(_ table: ResourceTable, _ events: [ResourceEvent]) {
        state.withLock { state in
            state.table = table
            state.log.append(events)
            for (id, watcher) in state.watchers {
                for event in events {
                    guard case .dropped = watcher.yield(event) else { continue }
                    watcher.finish(throwing: StoreError(.expired, nil, "the watcher fell too far behind"))
                    state.watchers[id] = nil
                    break
                }
            }
        }
    }

    /// Registers a watcher for everything after `revision`. What lies at or before `floor` is not in memory: the caller adds it.
    func watch(after revision: UInt64) throws -> (live: AsyncThrowingStream<ResourceEvent, any Error>, floor: UInt64) {
        let (stream, continuation) = AsyncThrowingStream<ResourceEvent, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.watcherBuffer))
        let (id, floor) = try state.withLock { state in
            guard revision <= state.table.revision else {
                throw StoreError(.expired, nil, "revision \(revision) is newer than the store, which is at \(state.table.revision)")
            }
            guard !state.watchesEnded else {
                continuation.finish()
                return (state.nextWatcher, state.log.floor)
            }
            for event in state.log.events(after: revision) { continuation.yield(event) }
            state.nextWatcher += 1
            state.watchers[state.nextWatcher] = continuation
            return (state.nextWatcher, state.log.floor)
        }
        continuation.onTermination = { [weak self] termination in
            // Also called by `publish` while it holds the lock, when it ends a slow watcher: that one removes itself.
            if case .finished(let error?) = termination, error is StoreError { return }
            self?.remove(id)
        }
        return (stream, floor)
    }

    func compact(through revision: UInt64) {
        state.withLock { $0.log.compact(through: min(revision, $0.table.revision)) }
    }

    /// Ends all watches.
    func endWatches() {
        let watchers = state.withLock { state in
            state.watchesEnded = true
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    private func remove(_ id: UInt64) { state.withLock { $0.watchers[id] = nil } }
}
