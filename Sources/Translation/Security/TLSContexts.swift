// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// Both ends of mutual TLS: own certificate and trust bundle by secret, never by value.
struct TLSContexts {
    static let identitySecret = "default"
    static let rootSecret = "ROOTCA"
    /// Our clients offer this first, so that a server can tell mesh TLS from TLS of the application.
    static let meshProtocol = "istio"
    /// Behind it where HTTP/2 is spoken: an Envoy takes a connection for HTTP/2 only if this is what was negotiated.
    static let http2Protocol = "h2"

    var configuration: MeshConfiguration

    /// Serves with the workload's identity and wants the client's.
    func downstream(isHTTP: Bool) -> Wire.TransportSocket {
        let trusted: Envoy_Extensions_TransportSockets_Tls_V3_SubjectAltNameMatcher = .with {
            $0.sanType = .uri
            $0.matcher.prefix = "spiffe://\(configuration.trustDomain)/"
        }
        var context = Wire.DownstreamTLS()
        context.requireClientCertificate = WireValues.wrapped(true)
        context.commonTlsContext = common(
            // The server's order counts: who offers HTTP/2 gets it.
            protocols: isHTTP ? [Self.http2Protocol, "http/1.1", Self.meshProtocol] : [Self.meshProtocol], names: [trusted])
        return .with {
            $0.name = ExtensionName.tls
            $0.typedConfig = WireBytes.packed(context)
        }
    }

    /// Calls with the workload's identity; `identities` are the SPIFFE IDs that the server may have, empty: any of the mesh.
    func upstream(serverName: String, identities: [String], isHTTP2: Bool) -> Wire.TransportSocket {
        var names: [Envoy_Extensions_TransportSockets_Tls_V3_SubjectAltNameMatcher] = identities.map { identity in
            .with {
                $0.sanType = .uri
                $0.matcher.exact = identity
            }
        }
        if names.isEmpty {
            names = [
                .with {
                    $0.sanType = .uri
                    $0.matcher.prefix = "spiffe://\(configuration.trustDomain)/"
                }
            ]
        }
        var context = Wire.UpstreamTLS()
        context.sni = serverName
        context.commonTlsContext = common(
            protocols: isHTTP2 ? [Self.meshProtocol, Self.http2Protocol] : [Self.meshProtocol], names: names)
        return .with {
            $0.name = ExtensionName.tls
            $0.typedConfig = WireBytes.packed(context)
        }
    }

    static let plaintext: Wire.TransportSocket = .with {
        $0.name = ExtensionName.rawBuffer
        $0.typedConfig = WireBytes.packed(Envoy_Extensions_TransportSockets_RawBuffer_V3_RawBuffer())
    }

    private func common(
        protocols: [String], names: [Envoy_Extensions_TransportSockets_Tls_V3_SubjectAltNameMatcher]
    ) -> Wire.CommonTLS {
        .with {
            $0.alpnProtocols = protocols
            $0.tlsParams.tlsMinimumProtocolVersion = .tlsv12
            $0.tlsParams.tlsMaximumProtocolVersion = .tlsv13
            $0.tlsCertificateSdsSecretConfigs = [secret(Self.identitySecret)]
            $0.combinedValidationContext.defaultValidationContext.matchTypedSubjectAltNames = names
            $0.combinedValidationContext.validationContextSdsSecretConfig = secret(Self.rootSecret)
        }
    }

    private func secret(_ name: String) -> Envoy_Extensions_TransportSockets_Tls_V3_SdsSecretConfig {
        .with {
            $0.name = name
            $0.sdsConfig.resourceApiVersion = .v3
            $0.sdsConfig.initialFetchTimeout = WireValues.zeroDuration
            $0.sdsConfig.apiConfigSource.apiType = .grpc
            $0.sdsConfig.apiConfigSource.transportApiVersion = .v3
            $0.sdsConfig.apiConfigSource.setNodeOnFirstMessageOnly = true
            $0.sdsConfig.apiConfigSource.grpcServices = [.with { $0.envoyGrpc.clusterName = configuration.secretClusterName }]
        }
    }
}
