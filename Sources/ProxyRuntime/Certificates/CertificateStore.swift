// SPDX-License-Identifier: Apache-2.0
package import SPIFFE
import Synchronization
import XDSClient

/// The proxy's newest credential. The key is nowhere else.
package final class CertificateStore: WorkloadCredentialSource, Sendable {
    private let state = Mutex<WorkloadCredential?>(nil)

    package init() {}

    package var current: WorkloadCredential? { self.state.withLock { $0 } }

    package func replace(_ credential: WorkloadCredential) { self.state.withLock { $0 = credential } }
}
