// SPDX-License-Identifier: Apache-2.0
import Analysis
import MeshModel
import MeshResources
import ResourceStores

/// What analysis finds about a resource that was just written, for the warnings of the answer.
struct WriteAdvice: Sendable {
    /// The whole mesh is looked at for each write; beyond this `malla analyze` is the place.
    private static let largestMesh = 2000

    private static let kinds: Set<ResourceKind> = [
        .virtualService, .destinationRule, .serviceEntry, .peerAuthentication, .authorizationPolicy, .telemetry,
    ]

    let store: any ResourceStore
    let configuration: MeshConfiguration

    func warnings(_ resource: ValidatedResource) async -> [String] {
        guard Self.kinds.contains(resource.kind), let all = try? await store.list(ResourceQuery()).items,
            all.count <= Self.largestMesh
        else { return [] }
        return MeshAnalysis(all, configuration: configuration).findings()
            .filter { $0.resource == resource.key && $0.code != .negativeCondition }
            .map { "[\($0.code.rawValue)] \($0.path.isEmpty ? "" : $0.path + ": ")\($0.message)" }
    }
}
