// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import ResourceStores

/// The implementations that the contract is checked against.
enum StoreUnderTest: String, CaseIterable, Sendable {
    case memory, sqlite

    func with(logCapacity: Int = 10_000, _ body: (any ResourceStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore(logCapacity: logCapacity))
        case .sqlite:
            try await withTemporaryDirectory { directory in
                let store = try SQLiteStore(path: directory + "/store.sqlite", logCapacity: logCapacity)
                try await body(store)
                try store.close()
            }
        }
    }
}

func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "malla-store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
}

func service(_ name: String, namespace: String = "default", labels: [String: String] = [:], port: Int64 = 80) -> ValidatedResource {
    let tree: ManifestValue = [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
            "name": ManifestValue(.string(name)), "namespace": ManifestValue(.string(namespace)),
            "labels": ManifestValue(.object(labels.map { ManifestMember($0.key, ManifestValue(.string($0.value))) })),
        ],
        "spec": ["ports": [["port": ManifestValue(.integer(port))]]],
    ]
    return ValidatedResource(stored: UnvalidatedResource(kind: .service, version: "v1", tree: tree))
}

extension ValidatedResource {
    /// The same resource, to be written on condition of a revision.
    func expecting(_ revision: UInt64) -> ValidatedResource {
        var tree = self.tree
        var metadata = tree["metadata"] ?? [:]
        metadata["resourceVersion"] = ManifestValue(.string(String(revision)))
        tree["metadata"] = metadata
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: "v1", tree: tree))
    }
}
