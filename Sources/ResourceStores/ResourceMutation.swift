// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// One write that a caller asks for.
struct ResourceMutation: Sendable {
    enum Operation: Sendable {
        case create(ValidatedResource)
        case replace(ValidatedResource)
        case delete(ResourceKey, DeletePrecondition)
    }

    var operation: Operation
    var author: String
}

/// What became of a write.
enum MutationOutcome: Sendable {
    case changed(ResourceEvent)
    case unchanged(ValidatedResource)

    var resource: ValidatedResource {
        switch self {
        case .changed(let event): event.resource
        case .unchanged(let resource): resource
        }
    }
}
