// SPDX-License-Identifier: Apache-2.0
import Foundation
package import Logging
package import SPIFFE
package import XDSClient

/// Asks the control plane. The trust bundle's file is read for each request, so that a new root is picked up.
package struct ControlPlaneIssuer: CertificateIssuing {
    private let controlPlane: ControlPlaneEndpoint
    private let trustDomain: TrustDomain
    private let trustBundleFile: String
    private let logger: Logger

    package init(controlPlane: ControlPlaneEndpoint, trustDomain: TrustDomain, trustBundleFile: String, logger: Logger) {
        self.controlPlane = controlPlane
        self.trustDomain = trustDomain
        self.trustBundleFile = trustBundleFile
        self.logger = logger
    }

    package func requestCredential(
        for id: SPIFFEID, authentication: CertificateClient.Authentication
    ) async throws -> WorkloadCredential {
        let pem = try String(contentsOfFile: self.trustBundleFile, encoding: .utf8)
        guard let address = self.controlPlane.address else {
            throw XDSClientError(.unreachable, "the certificate service has no host and port")
        }
        let client = CertificateClient(
            configuration: CertificateClientConfiguration(
                host: address.host, port: address.port,
                serverName: self.controlPlane.serverName, bundle: try TrustBundle(trustDomain: self.trustDomain, pem: pem)),
            logger: self.logger)
        return try await client.requestCredential(for: id, authentication: authentication)
    }
}
