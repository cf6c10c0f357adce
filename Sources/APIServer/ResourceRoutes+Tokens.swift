// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import ResourceStores

extension ResourceRoutes {
    /// The audience that the mesh's certificate authority takes tokens for.
    private static let audience = "istio-ca"

    /// TokenRequest: a short-lived token by which a workload proves its service account to the certificate authority.
    func token(_ request: APIRequest, namespace: String, serviceAccount: String) async throws -> APIResponse {
        guard let tokens else { throw APIFailure.noSuchPath(request.path) }
        let key = ResourceKey(kind: .serviceAccount, namespace: namespace, name: serviceAccount)
        guard try await store.get(key) != nil else { throw APIFailure.notFound(.serviceAccount, serviceAccount) }
        var tree = request.body.isEmpty ? [:] : try RequestBody.tree(request)
        let audiences = tree["spec"]?.strings("audiences") ?? [Self.audience]
        guard audiences == [Self.audience] else {
            throw APIFailure(422, "Invalid", "spec.audiences: tokens are made for \(Self.audience) only")
        }
        let seconds = tree["spec"]?.int("expirationSeconds") ?? 600
        guard seconds > 0 else { throw APIFailure(422, "Invalid", "spec.expirationSeconds: must be positive") }
        let made = try await tokens.joinToken(
            namespace: namespace, serviceAccount: serviceAccount, lifetime: .seconds(min(seconds, 600)))
        tree["apiVersion"] = "authentication.k8s.io/v1"
        tree["kind"] = "TokenRequest"
        tree["metadata"] = ["name": .init(.string(serviceAccount)), "namespace": .init(.string(namespace))]
        tree["status"] = [
            "token": .init(.string(made.token)), "expirationTimestamp": .init(.string(made.expires.formatted(.iso8601))),
        ]
        return .json(tree, status: 201)
    }
}
