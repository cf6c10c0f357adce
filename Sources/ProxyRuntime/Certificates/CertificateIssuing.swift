// SPDX-License-Identifier: Apache-2.0
package import SPIFFE
package import XDSClient

/// Where certificates come from: the control plane's certificate service, or a fake.
package protocol CertificateIssuing: Sendable {
    func requestCredential(
        for id: SPIFFEID, authentication: CertificateClient.Authentication
    ) async throws -> WorkloadCredential
}
