// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Everything that the API server holds.
enum LiveResources {
    static func all(_ client: APIClient) async throws -> [UnvalidatedResource] {
        var found: [UnvalidatedResource] = []
        for kind in ResourceKind.allCases {
            let answer = try await client.get(ResourcePath.collection(kind, namespace: nil))
            guard answer.isSuccess else { throw answer.failure }
            found += (answer.tree["items"]?.array ?? []).map {
                UnvalidatedResource(kind: kind, version: kind.storageVersion, tree: $0)
            }
        }
        return found
    }
}
