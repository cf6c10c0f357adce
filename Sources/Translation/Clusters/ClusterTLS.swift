// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// How a cluster's connections are secured: as the DestinationRule says, else mutual TLS with every endpoint that takes it.
struct ClusterTLS {
    var configuration: MeshConfiguration
    var cluster: ClusterName
    /// SPIFFE IDs that the servers may have.
    var identities: [String]
    /// HTTP/2 is spoken with the servers.
    var isHTTP2: Bool

    func apply(_ settings: ClientTLSSettings?, to wire: inout Wire.Cluster, isExternal: Bool) {
        switch settings?.mode {
        case nil:
            guard configuration.enableAutoMTLS, !isExternal else { return }
            wire.transportSocketMatches = [
                .with {
                    $0.name = "tlsMode-istio"
                    $0.match = WireValues.structure(["tlsMode": .init(stringValue: "istio")])
                    $0.transportSocket = mutual(settings)
                },
                .with {
                    $0.name = "tlsMode-disabled"
                    $0.match = .init()
                    $0.transportSocket = TLSContexts.plaintext
                },
            ]
        case .disable: wire.transportSocket = TLSContexts.plaintext
        case .istioMutual: wire.transportSocket = mutual(settings)
        case .simple, .mutual:
            if let settings { wire.transportSocket = own(settings) }
        }
    }

    private func mutual(_ settings: ClientTLSSettings?) -> Wire.TransportSocket {
        let names = settings?.subjectAltNames ?? []
        return TLSContexts(configuration: configuration).upstream(
            serverName: settings?.sni ?? cluster.serverName, identities: names.isEmpty ? identities : names,
            isHTTP2: isHTTP2)
    }

    /// TLS that the mesh's certificates have no part in: to servers outside.
    private func own(_ settings: ClientTLSSettings) -> Wire.TransportSocket {
        var context = Wire.UpstreamTLS()
        if isHTTP2 { context.commonTlsContext.alpnProtocols = [TLSContexts.http2Protocol] }
        context.sni = settings.sni ?? (Hostname.isWildcard(cluster.host) ? "" : cluster.host)
        if settings.mode == .mutual, let chain = settings.clientCertificate, let key = settings.privateKey {
            context.commonTlsContext.tlsCertificates = [
                .with {
                    $0.certificateChain.filename = chain
                    $0.privateKey.filename = key
                }
            ]
        }
        if settings.insecureSkipVerify != true {
            // Istio takes the system's roots where none are named.
            context.commonTlsContext.validationContext.trustedCa.filename =
                settings.caCertificates ?? "/etc/ssl/certs/ca-certificates.crt"
            context.commonTlsContext.validationContext.matchTypedSubjectAltNames = settings.subjectAltNames.map { name in
                .with {
                    $0.sanType = name.hasPrefix("spiffe://") ? .uri : .dns
                    $0.matcher.exact = name
                }
            }
        }
        return .with {
            $0.name = ExtensionName.tls
            $0.typedConfig = WireBytes.packed(context)
        }
    }
}
