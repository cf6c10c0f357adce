// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// Where the next page of a list begins: after the last resource of the page before.
struct ListContinuation: Sendable, Hashable, Codable {
    var namespace: String
    var name: String

    init(after key: ResourceKey) {
        namespace = key.namespace
        name = key.name
    }

    init?(token: String) {
        guard let data = Data(base64Encoded: token), let value = try? JSONDecoder().decode(Self.self, from: data) else {
            return nil
        }
        self = value
    }

    var token: String { ((try? JSONEncoder().encode(self)) ?? Data()).base64EncodedString() }

    func precedes(_ key: ResourceKey) -> Bool { (namespace, name) < (key.namespace, key.name) }
}
