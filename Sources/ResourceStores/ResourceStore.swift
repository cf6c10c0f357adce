// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Where resources live: one sequence of changes, each with a revision that only grows.
///
/// Contract (Tests/ContractTests): a write that has returned is visible to every later read and, for a store that keeps,
/// survives the end of the process. A watch shows every change after its revision, in order, once.
package protocol ResourceStore: Sendable {
    func get(_ key: ResourceKey) async throws -> ValidatedResource?
    func list(_ query: ResourceQuery) async throws -> ResourceList

    /// Throws `alreadyExists`. Gives the resource its uid, revision, generation and time.
    func create(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource

    /// Throws `notFound`, and `conflict` when the resource's own `resourceVersion` is neither 0 nor the current one.
    /// What says the same as before is returned unchanged, without a new revision.
    func replace(_ resource: ValidatedResource, author: String) async throws -> ValidatedResource

    /// Returns what was deleted. Throws `notFound`, and `conflict` when a precondition does not hold.
    func delete(_ key: ResourceKey, if precondition: DeletePrecondition, author: String) async throws -> ValidatedResource

    /// Every change after `revision`. Throws `expired` for a revision that is no longer, or not yet, known.
    func watch(_ query: ResourceQuery, after revision: UInt64) async throws -> ResourceWatch

    /// Revision of the last change; 0 for a store that never had one.
    var revision: UInt64 { get async }

    /// Forgets the changes up to and including `revision`; the resources stay.
    func compact(through revision: UInt64) async throws

    /// Ends every watch, now and from now on: the process is stopping.
    func endWatches()
}

/// What must hold of a resource for its deletion.
package struct DeletePrecondition: Sendable, Hashable {
    package var resourceVersion: UInt64?
    package var uid: String?

    package init(resourceVersion: UInt64? = nil, uid: String? = nil) {
        self.resourceVersion = resourceVersion
        self.uid = uid
    }

    package static let none = DeletePrecondition()
}
