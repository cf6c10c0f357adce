// SPDX-License-Identifier: Apache-2.0

/// A listener that accepts connections.
package struct BoundListener: Sendable, Hashable {
    package var name: String
    /// `address:port`, with the port that the system picked where 0 was asked for.
    package var address: String
    package var port: Int
}
