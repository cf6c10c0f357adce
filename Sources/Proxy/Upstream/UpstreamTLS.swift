// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyCore
import ProxyModel

/// How an endpoint is spoken to with TLS.
struct UpstreamTLS: Sendable {
    private(set) var settings: ClientTLSContext
    /// What the endpoint must prove to be.
    private(set) var verifier: PeerVerifier

    init(_ context: ClientTLSContext) {
        self.settings = context
        self.verifier = PeerVerifier(context.common)
    }

    /// The same for requests to one host.
    func speaking(to host: HostName, _ naming: PeerNaming) -> UpstreamTLS {
        var tls = self
        // A name says which certificate is wanted; an address says it by itself (RFC 6066, 3).
        if naming.asksForHost, !host.isAddress, !host.text.isEmpty { tls.settings.serverName = host.text }
        if naming.checksHost {
            let common = self.settings.common
            let isTrusting = common.trust != nil || !common.certificateHashes.isEmpty || !common.keyHashes.isEmpty
            tls.verifier.wants(host, isTrusting: isTrusting)
        }
        return tls
    }

    /// The identity that the endpoint must prove, if there is only one.
    var expectedPrincipal: String? {
        let names = self.settings.common.subjectAltNames
        guard names.count == 1, case .exact(let name, _) = names[0].match else { return nil }
        return name
    }
}
