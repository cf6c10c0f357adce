// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import malla

/// The API server as a dictionary from path to object.
final class MemoryResourceAPI: ResourceAPI {
    private let objects = Mutex<[String: Data]>([:])

    var paths: [String] { objects.withLock { $0.keys.sorted() } }

    func get(_ path: String) async throws -> Data? {
        objects.withLock { objects in
            if let object = objects[path] { return object }
            guard path == "/apis/networking.istio.io/v1/workloadentries" else { return nil }
            let items = objects.filter { $0.key.contains("/workloadentries/") }.map { String(decoding: $0.value, as: UTF8.self) }
            return Data(#"{"items":[\#(items.joined(separator: ","))]}"#.utf8)
        }
    }

    func create(_ object: Data, in collection: String) async throws -> Bool {
        let name = try JSONDecoder().decode(WorkloadObjects.Named.self, from: object).metadata.name
        return objects.withLock { objects in
            guard objects["\(collection)/\(name)"] == nil else { return false }
            objects["\(collection)/\(name)"] = object
            return true
        }
    }

    func replace(_ path: String, with object: Data) async throws { objects.withLock { $0[path] = object } }
    func delete(_ path: String) async throws { objects.withLock { _ = $0.removeValue(forKey: path) } }
    func post(_ body: Data, to path: String) async throws -> Data { Data(#"{"status":{"token":"t"}}"#.utf8) }
}
