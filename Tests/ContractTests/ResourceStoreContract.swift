// SPDX-License-Identifier: Apache-2.0
import MeshResources
import ResourceStores
import Testing

/// What every store does alike.
@Suite struct ResourceStoreContract {
    @Test(arguments: StoreUnderTest.allCases)
    func `a created resource gets its identity and is read back`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let created = try await store.create(service("a", labels: ["app": "a"]), author: "test")
            #expect(created.metadata.resourceVersion == 1)
            #expect(created.metadata.generation == 1)
            #expect(!created.metadata.uid.isEmpty)
            #expect(created.metadata.creationTimestamp.hasSuffix("Z"))
            #expect(try await store.get(created.key) == created)
            #expect(await store.revision == 1)
            #expect(created.tree["metadata"]?.string("resourceVersion") == "1")
            await #expect { try await store.create(service("a"), author: "test") } throws: { code(of: $0) == .alreadyExists }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a replacement counts generations, keeps identity and refuses a stale version`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let first = try await store.create(service("a"), author: "test")
            let second = try await store.replace(service("a", port: 81).expecting(1), author: "test")
            #expect(second.metadata.uid == first.metadata.uid)
            #expect(second.metadata.generation == 2)
            #expect(second.metadata.resourceVersion == 2)
            let relabelled = try await store.replace(service("a", labels: ["x": "y"], port: 81), author: "test")
            #expect(relabelled.metadata.generation == 2)
            #expect(relabelled.metadata.resourceVersion == 3)
            let same = try await store.replace(service("a", labels: ["x": "y"], port: 81), author: "test")
            #expect(same == relabelled)
            #expect(await store.revision == 3)
            await #expect { try await store.replace(service("a").expecting(1), author: "test") } throws: {
                code(of: $0) == .conflict
            }
            await #expect { try await store.replace(service("b"), author: "test") } throws: { code(of: $0) == .notFound }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a deletion honours its preconditions`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let made = try await store.create(service("a"), author: "test")
            let wrong = DeletePrecondition(uid: "other")
            await #expect { try await store.delete(made.key, if: wrong, author: "test") } throws: { code(of: $0) == .conflict }
            let right = DeletePrecondition(resourceVersion: 1, uid: made.metadata.uid)
            _ = try await store.delete(made.key, if: right, author: "test")
            #expect(try await store.get(made.key) == nil)
            #expect(await store.revision == 2)
            await #expect { try await store.delete(made.key, if: .none, author: "test") } throws: { code(of: $0) == .notFound }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a list is sorted and goes by namespace, name and labels`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for (name, namespace, app) in [("c", "default", "x"), ("a", "other", "x"), ("b", "default", "y")] {
                _ = try await store.create(service(name, namespace: namespace, labels: ["app": app]), author: "test")
            }
            func names(_ query: ResourceQuery) async throws -> [String] {
                try await store.list(query).items.map { "\($0.key.namespace)/\($0.metadata.name)" }
            }
            #expect(try await names(ResourceQuery(kind: .service)) == ["default/b", "default/c", "other/a"])
            #expect(try await names(ResourceQuery(kind: .service, namespace: "default")) == ["default/b", "default/c"])
            #expect(
                try await names(ResourceQuery(kind: .service, labels: LabelQuery(parsing: "app=x"))) == ["default/c", "other/a"])
            #expect(try await names(ResourceQuery(kind: .service, labels: LabelQuery(parsing: "app notin (x)"))) == ["default/b"])
            #expect(try await names(ResourceQuery(kind: .virtualService)) == [])
            #expect(try await store.list(ResourceQuery()).revision == 3)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a watch resumes after its revision and goes on with what happens`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            _ = try await store.create(service("a"), author: "test")
            _ = try await store.create(service("b"), author: "test")
            var watch = try await store.watch(ResourceQuery(kind: .service), after: 1).makeAsyncIterator()
            _ = try await store.replace(service("a", port: 81), author: "test")
            _ = try await store.delete(service("b").key, if: .none, author: "test")
            var seen: [String] = []
            while seen.count < 3, let event = try await watch.next() {
                seen.append("\(event.revision) \(event.change.rawValue) \(event.resource.metadata.name)")
            }
            #expect(seen == ["2 ADDED b", "3 MODIFIED a", "4 DELETED b"])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a watch with labels sees what starts and stops to match`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            var watch = try await store.watch(ResourceQuery(kind: .service, labels: LabelQuery(parsing: "app=x")), after: 0)
                .makeAsyncIterator()
            _ = try await store.create(service("a", labels: ["app": "y"]), author: "test")
            _ = try await store.replace(service("a", labels: ["app": "x"]), author: "test")
            _ = try await store.replace(service("a", labels: ["app": "z"]), author: "test")
            #expect(try await watch.next()?.change == .added)
            #expect(try await watch.next()?.change == .deleted)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a revision that was compacted away, or never was, has expired`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for name in ["a", "b", "c"] { _ = try await store.create(service(name), author: "test") }
            try await store.compact(through: 2)
            for revision: UInt64 in [0, 1, 4] {
                await #expect { try await store.watch(ResourceQuery(), after: revision) } throws: { code(of: $0) == .expired }
            }
            var watch = try await store.watch(ResourceQuery(), after: 2).makeAsyncIterator()
            #expect(try await watch.next()?.revision == 3)
            #expect(try await store.list(ResourceQuery()).items.count == 3)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `of many writers with one version exactly one wins`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            _ = try await store.create(service("a"), author: "test")
            let wins = await withTaskGroup(of: Bool.self) { group in
                for port in 1...50 {
                    group.addTask {
                        (try? await store.replace(service("a", port: Int64(port + 100)).expecting(1), author: "test")) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `many writers at once get one revision each and a watch sees all in order`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let watch = try await store.watch(ResourceQuery(), after: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...200 { group.addTask { _ = try await store.create(service("s\(number)"), author: "test") } }
                try await group.waitForAll()
            }
            var revisions: [UInt64] = []
            for try await event in watch {
                revisions.append(event.revision)
                if revisions.count == 200 { break }
            }
            #expect(revisions == Array(1...200))
            #expect(await store.revision == 200)
        }
    }
}

private func code(of error: any Error) -> StoreError.Code? { (error as? StoreError)?.code }
