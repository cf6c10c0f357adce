// SPDX-License-Identifier: Apache-2.0
package import X509

/// Signs workloads' certificate requests. Who may have which identity has been decided before.
package protocol WorkloadCertificateIssuer: Sendable {
    /// - Parameters:
    ///   - request: PKCS #10 in PEM, from the network: nothing in it but its public key is believed.
    ///   - id: The identity that the caller has proved.
    ///   - lifetime: What the caller asks for; the issuer may shorten it. Nil for the issuer's default.
    /// - Returns: Leaf, then intermediates, then the root.
    func issueCertificate(request: String, for id: SPIFFEID, lifetime: Duration?) async throws -> [Certificate]
}
