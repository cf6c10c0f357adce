// SPDX-License-Identifier: Apache-2.0
package import Foundation
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

    /// How often a reader that wants bookmarks gets one when nothing happens; also how a reader that has left is noticed.
    private static let bookmarkInterval: Duration = .seconds(15)
    /// Events that may wait for a slow reader.
    static let waitingEvents = 16_384

    private enum Item: Sendable {
        case event(ResourceEvent)
        case failure(APIFailure)
        case tick
    }

    /// Feeds each line to `lines`, and finishes it when the watch is over or its reader is too slow.
    package func run(into lines: AsyncStream<Data>.Continuation) async {
        for resource in initial { lines.yield(line("ADDED", resource)) }
        if marksEndOfInitial, bookmarks { lines.yield(bookmark(startRevision, endsInitial: true)) }
        let (items, feed) = AsyncStream<Item>.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingEvents))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow(feed) }
            group.addTask { await Self.tick(feed, timeout: timeout) }
            var revision = startRevision
            reading: for await item in items {
                let data: Data
                switch item {
                case .event(let event):
                    revision = event.revision
                    data = line(event.change.rawValue, event.resource)
                case .failure(let failure): data = Self.line("ERROR", failure.tree)
                case .tick:
                    guard bookmarks else { continue reading }
                    data = bookmark(revision)
                }
                if case .dropped = lines.yield(data) { break reading }
            }
            group.cancelAll()
        }
        lines.finish()
    }

    private func follow(_ feed: AsyncStream<Item>.Continuation) async {
        do {
            for try await event in watch {
                if case .dropped = feed.yield(.event(event)) { break }
            }
        } catch let error as StoreError {
            feed.yield(.failure(APIFailure(error)))
        } catch {}
        feed.finish()
    }

    private static func tick(_ feed: AsyncStream<Item>.Continuation, timeout: Duration) async {
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            let wake = min(ContinuousClock.now + bookmarkInterval, end)
            guard (try? await Task.sleep(until: wake)) != nil else { break }
            feed.yield(.tick)
        }
        feed.finish()
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
