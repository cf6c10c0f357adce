// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import MeshResources

/// One change of one resource.
package struct ResourceEvent: Sendable {
    package enum Change: String, Sendable, Hashable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    package var change: Change
    /// As it is after the change; for a deletion as it was last, with the deletion's revision.
    package var resource: ValidatedResource
    /// As it was before; nil when it was added, and in events read back from disk.
    package var previous: ValidatedResource?
    package var revision: UInt64
    package var time: Date
    /// Who made the change, as the API server knows the caller.
    package var author: String

    package init(
        change: Change, resource: ValidatedResource, previous: ValidatedResource?, revision: UInt64, time: Date, author: String
    ) {
        self.change = change
        self.resource = resource
        self.previous = previous
        self.revision = revision
        self.time = time
        self.author = author
    }
}
