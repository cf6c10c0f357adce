// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import ResourceStores

/// The answer to a watch: one JSON document a line, until the time is up, the reader leaves or the store closes.
package struct WatchStream: Sendable {
    let scope: ResourceScope
    let initial: [ValidatedResource]
    let startRevision: UInt64
    let watch: ResourceWatch
    let asTable: Bool
    let bookmarks: Bool
    let marksEndOfInitial: Bool
    let timeout: Duration
    let now: @Sendable () -> Date

    /// How often a reader that wants bookmarks gets one.
    private static let bookmarkInterval: Duration = .seconds(15)
    /// Events that may wait for a slow reader.
    private static let waitingEvents = 16_384

    enum Item: Sendable {
        case event(ResourceEvent)
        case failure(APIFailure)
        case tick
    }

    /// Where items wait for their reader; a reader so slow that some would be lost ends the watch.
    func makeItems() -> (stream: AsyncStream<Item>, continuation: AsyncStream<Item>.Continuation) {
        AsyncStream<Item>.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingEvents))
    }

    /// Follows the store and the clock until the watch is over, then finishes `feed`.
    func run(into feed: AsyncStream<Item>.Continuation) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow(feed) }
            group.addTask { await Self.tick(feed, timeout: timeout) }
            await group.next()
            group.cancelAll()
        }
        feed.finish()
    }

    /// What the reader gets before anything has happened.
    var opening: some Sequence<Data> {
        (0...initial.count).lazy.compactMap { index in
            guard index == initial.count else { return line("ADDED", initial[index]) }
            return marksEndOfInitial && bookmarks ? bookmark(startRevision, endsInitial: true) : nil
        }
    }

    /// - Parameter revision: Of the last line; kept by the caller.
    func line(_ item: Item, revision: inout UInt64) -> Data? {
        switch item {
        case .event(let event):
            revision = event.revision
            return line(event.change.rawValue, event.resource)
        case .failure(let failure): return Self.line("ERROR", failure.tree)
        case .tick: return bookmarks ? bookmark(revision) : nil
        }
    }

    private func follow(_ feed: AsyncStream<Item>.Continuation) async {
        do {
            for try await event in watch {
                if case .dropped = feed.yield(.event(event)) { return }
            }
        } catch let error as StoreError {
            feed.yield(.failure(APIFailure(error)))
        } catch {}
    }

    private static func tick(_ feed: AsyncStream<Item>.Continuation, timeout: Duration) async {
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            let wake = min(ContinuousClock.now + bookmarkInterval, end)
            guard (try? await Task.sleep(until: wake)) != nil else { return }
            feed.yield(.tick)
        }
    }

    private func line(_ type: String, _ resource: ValidatedResource) -> Data {
        guard asTable else { return Self.line(type, scope.document(resource)) }
        let metadata: ManifestValue = ["resourceVersion": .init(.string(String(resource.metadata.resourceVersion)))]
        return Self.line(
            type, TableOutput(scope.kind).document([resource], version: scope.version, listMetadata: metadata, now: now()))
    }

    private func bookmark(_ revision: UInt64, endsInitial: Bool = false) -> Data {
        var metadata: ManifestValue = ["resourceVersion": .init(.string(String(revision)))]
        if endsInitial { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        return Self.line(
            "BOOKMARK",
            [
                "apiVersion": .init(.string(scope.kind.apiVersion(scope.version))), "kind": .init(.string(scope.kind.name)),
                "metadata": metadata,
            ])
    }

    private static func line(_ type: String, _ object: ManifestValue) -> Data {
        Data((JSONTreeWriter.compact(["type": .init(.string(type)), "object": object]) + "\n").utf8)
    }
}
