// SPDX-License-Identifier: Apache-2.0

/// What one of the demo's services has counted, as `malla-demo` tells it.
package struct ServiceState: Sendable, Hashable, Decodable {
    package var requests: Int
    package var sent: Int
    package var sentFailures: Int
    package var lastFailure: String?
}
