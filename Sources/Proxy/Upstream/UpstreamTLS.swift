// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyModel

/// How an endpoint is spoken to with TLS.
struct UpstreamTLS: Sendable {
    let settings: ClientTLSContext
    /// What the endpoint must prove to be.
    let verifier: PeerVerifier

    init(_ context: ClientTLSContext) {
        self.settings = context
        self.verifier = PeerVerifier(context.common)
    }

    /// The identity that the endpoint must prove, if there is only one.
    var expectedPrincipal: String? {
        let names = self.settings.common.subjectAltNames
        guard names.count == 1, case .exact(let name, _) = names[0].match else { return nil }
        return name
    }
}
