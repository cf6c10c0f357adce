// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Why a store did not do what it was asked.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        case notFound
        case alreadyExists
        /// The resource has changed since the caller read it.
        case conflict
        /// The revision asked for is no longer, or not yet, in the log: list again.
        case expired
        /// The disk refused, or the store is closed; nothing was changed.
        case storage
    }

    package var code: Code
    package var key: ResourceKey?
    package var message: String

    package init(_ code: Code, _ key: ResourceKey?, _ message: String) {
        self.code = code
        self.key = key
        self.message = message
    }

    package var description: String { key.map { "\($0): \(message)" } ?? message }
}
