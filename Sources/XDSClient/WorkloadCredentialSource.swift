// SPDX-License-Identifier: Apache-2.0
package import SPIFFE

/// Where a client has its newest credential from; read at each connect.
package protocol WorkloadCredentialSource: Sendable {
    var current: WorkloadCredential? { get }
}
