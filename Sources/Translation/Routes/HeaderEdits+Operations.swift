// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources

extension HeaderEdits {
    init(_ operations: HeaderOperations?) {
        guard let operations else { return }
        requestToAdd = Self.options(set: operations.request.set, add: operations.request.add)
        requestToRemove = operations.request.remove.filter { !Self.isProtected($0) }
        responseToAdd = Self.options(set: operations.response.set, add: operations.response.add)
        responseToRemove = operations.response.remove.filter { !Self.isProtected($0) }
        authority =
            operations.request.set.sorted { $0.key < $1.key }
            .first { ["host", ":authority"].contains($0.key.lowercased()) }?.value
    }

    /// Of the only destination of a route, whose edits come after the route's.
    mutating func merge(_ other: HeaderEdits) {
        requestToAdd += other.requestToAdd
        requestToRemove += other.requestToRemove
        responseToAdd += other.responseToAdd
        responseToRemove += other.responseToRemove
        authority = other.authority ?? authority
    }
}
