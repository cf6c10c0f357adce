// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SPIFFE
import SwiftProtobuf

/// The secrets of a configuration dump: chains and roots. The workload's key is not even put in; others are redacted where the
/// dump is written.
enum SecretsDump {
    static func message(
        _ credential: WorkloadCredential?, statics bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap, _ filter: NameFilter
    ) throws -> Envoy_Admin_V3_SecretsConfigDump {
        var dump = Envoy_Admin_V3_SecretsConfigDump()
        dump.staticSecrets = try bootstrap.staticResources.secrets.filter { filter.takes($0.name) }.map { secret in
            var entry = Envoy_Admin_V3_SecretsConfigDump.StaticSecret()
            entry.name = secret.name
            entry.secret = try Google_Protobuf_Any(message: secret)
            return entry
        }
        guard let credential else { return dump }
        var own = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        own.name = "default"
        own.tlsCertificate.certificateChain.inlineBytes = Data(try CertificatePEM.text(credential.svid.chain).utf8)
        own.tlsCertificate.privateKey.inlineBytes = Data(SecretRedaction.text.utf8)
        var roots = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        roots.name = "ROOTCA"
        roots.validationContext.trustedCa.inlineBytes = Data(try credential.bundle.pemText().utf8)
        dump.dynamicActiveSecrets = try [own, roots].filter { filter.takes($0.name) }.map { secret in
            var entry = Envoy_Admin_V3_SecretsConfigDump.DynamicSecret()
            entry.name = secret.name
            entry.lastUpdated = Google_Protobuf_Timestamp(date: credential.svid.notValidBefore)
            entry.secret = try Google_Protobuf_Any(message: secret)
            entry.clientStatus = .acked
            return entry
        }
        return dump
    }
}
