// SPDX-License-Identifier: Apache-2.0
package import SPIFFE

/// Settings of the mesh's certificate authority. Scope: one control plane.
package struct MeshCAConfiguration: Sendable, Hashable {
    /// Where root and intermediate are kept, or where an operator has put `root-cert.pem`, `cert-chain.pem`, `ca-cert.pem`
    /// and `ca-key.pem`.
    package var directory: String
    package var trustDomain: TrustDomain
    /// Istio's default, ten years.
    package var rootLifetime: Duration
    package var intermediateLifetime: Duration
    /// Of an SVID if the request names none; also the longest that is granted.
    package var workloadLifetime: Duration
    /// Of the control plane's own serving certificate, which is renewed at half of it.
    package var servingLifetime: Duration
    package var servingNames: [String]
    package var servingAddresses: [String]

    package init(
        directory: String,
        trustDomain: TrustDomain = .clusterLocal,
        rootLifetime: Duration = .seconds(3650 * 86400),
        intermediateLifetime: Duration = .seconds(365 * 86400),
        workloadLifetime: Duration = .seconds(86400),
        servingLifetime: Duration = .seconds(7 * 86400),
        servingNames: [String] = ["localhost", "istiod.istio-system.svc", "istiod.istio-system.svc.cluster.local"],
        servingAddresses: [String] = ["127.0.0.1", "::1"]
    ) {
        self.directory = directory
        self.trustDomain = trustDomain
        self.rootLifetime = rootLifetime
        self.intermediateLifetime = intermediateLifetime
        self.workloadLifetime = workloadLifetime
        self.servingLifetime = servingLifetime
        self.servingNames = servingNames
        self.servingAddresses = servingAddresses
    }
}
