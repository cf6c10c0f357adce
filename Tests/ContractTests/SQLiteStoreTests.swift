// SPDX-License-Identifier: Apache-2.0
import MeshResources
import ResourceStores
import Testing

/// What only a store that keeps can do.
@Suite struct SQLiteStoreTests {
    @Test func `a store that is opened again goes on where it was`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try SQLiteStore(path: directory + "/store.sqlite")
            let made = try await first.create(service("a", labels: ["app": "a"]), author: "anna")
            _ = try await first.create(service("b"), author: "anna")
            _ = try await first.delete(service("b").key, if: .none, author: "bert")
            try first.close()

            let second = try SQLiteStore(path: directory + "/store.sqlite")
            #expect(try await second.get(made.key) == made)
            #expect(second.revision == 3)
            #expect(second.unreadable.isEmpty)
            #expect(try await second.create(service("c"), author: "anna").metadata.resourceVersion == 4)
            var watch = try await second.watch(ResourceQuery(), after: 1).makeAsyncIterator()
            var seen: [String] = []
            while seen.count < 3, let event = try await watch.next() {
                seen.append("\(event.change.rawValue) \(event.resource.metadata.name) \(event.author)")
            }
            #expect(seen == ["ADDED b anna", "DELETED b bert", "ADDED c anna"])
            #expect(try await second.history(of: service("b").key).map(\.change) == [.added, .deleted])
            try second.close()
        }
    }

    @Test func `a watch reaches past the log in memory`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteStore(path: directory + "/store.sqlite", logCapacity: 4)
            for number in 1...30 { _ = try await store.create(service("s\(number)"), author: "test") }
            var revisions: [UInt64] = []
            for try await event in try await store.watch(ResourceQuery(), after: 5) {
                revisions.append(event.revision)
                if event.revision == 30 { break }
            }
            #expect(revisions == Array(6...30))
            try store.close()
        }
    }
}
