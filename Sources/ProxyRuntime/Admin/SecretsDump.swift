// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SPIFFE
import SwiftProtobuf

/// The secrets of a configuration dump: chains and roots, with the private key redacted as Envoy redacts it.
enum SecretsDump {
    private static let redaction = Data("[redacted]".utf8)

    static func message(_ credential: WorkloadCredential?) throws -> Envoy_Admin_V3_SecretsConfigDump {
        var dump = Envoy_Admin_V3_SecretsConfigDump()
        guard let credential else { return dump }
        var own = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        own.name = "default"
        own.tlsCertificate.certificateChain.inlineBytes = Data(try CertificatePEM.text(credential.svid.chain).utf8)
        own.tlsCertificate.privateKey.inlineBytes = Self.redaction
        var roots = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        roots.name = "ROOTCA"
        roots.validationContext.trustedCa.inlineBytes = Data(try credential.bundle.pemText().utf8)
        dump.dynamicActiveSecrets = try [own, roots].map { secret in
            var entry = Envoy_Admin_V3_SecretsConfigDump.DynamicSecret()
            entry.name = secret.name
            entry.lastUpdated = Google_Protobuf_Timestamp(date: credential.svid.notValidBefore)
            entry.secret = try Google_Protobuf_Any(message: secret)
            entry.clientStatus = .acked
            return entry
        }
        return dump
    }

    static func redacted(
        _ secret: Envoy_Extensions_TransportSockets_Tls_V3_Secret
    ) -> Envoy_Extensions_TransportSockets_Tls_V3_Secret {
        var shown = secret
        switch secret.type {
        case .tlsCertificate?: shown.tlsCertificate.privateKey.inlineBytes = Self.redaction
        case .genericSecret?: shown.genericSecret.secret.inlineBytes = Self.redaction
        default: break
        }
        return shown
    }
}
