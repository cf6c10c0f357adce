// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Why a version of a resource is not in effect.
package struct ResourceRejection: Sendable, Hashable {
    package var version: String
    package var message: String
    package var at: Date

    package init(version: String, message: String, at: Date) {
        self.version = version
        self.message = message
        self.at = at
    }
}
