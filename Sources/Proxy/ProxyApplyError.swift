// SPDX-License-Identifier: Apache-2.0

/// Why a snapshot cannot be run. The one before goes on.
package struct ProxyApplyError: Error, Sendable, CustomStringConvertible {
    /// The listener, route table or cluster.
    package let subject: String
    package let reason: String

    package var description: String { "\(self.subject): \(self.reason)" }
}
