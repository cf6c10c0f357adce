// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import ProxyModel
import SwiftProtobuf

/// Transport sockets: TLS on either side, or none.
enum TLSDecoder {
    private typealias CommonContext = Envoy_Extensions_TransportSockets_Tls_V3_CommonTlsContext
    private typealias ValidationContext = Envoy_Extensions_TransportSockets_Tls_V3_CertificateValidationContext

    /// Nil for plaintext.
    static func server(_ socket: Envoy_Config_Core_V3_TransportSocket, _ context: FieldContext) throws(DecodingError)
        -> ServerTLSContext?
    {
        guard let any = try Self.configuration(socket, context) else { return nil }
        let place = context.field("typed_config")
        let (tls, inner) = try place.unpack(any, as: Envoy_Extensions_TransportSockets_Tls_V3_DownstreamTlsContext.self)
        try inner.refuse(tls.requireSni.value, "require_sni")
        try inner.refuse(tls.disableStatelessSessionResumption, "disable_stateless_session_resumption")
        let common = try Self.common(tls.commonTlsContext, inner.field("common_tls_context"))
        guard !common.certificates.isEmpty else { throw inner.error("a server needs a certificate") }
        let requires = tls.requireClientCertificate.value
        if requires, common.trust == nil {
            throw inner.error("client certificates are required, but there is nothing to check them against")
        }
        if common.trust == nil, !common.certificateHashes.isEmpty || !common.keyHashes.isEmpty {
            throw inner.error("certificates of clients are asked for by hash, but there is nothing to check their chain against")
        }
        return ServerTLSContext(common: common, requiresClientCertificate: requires)
    }

    /// Nil for plaintext.
    static func client(_ socket: Envoy_Config_Core_V3_TransportSocket, _ context: FieldContext) throws(DecodingError)
        -> ClientTLSContext?
    {
        guard let any = try Self.configuration(socket, context) else { return nil }
        let place = context.field("typed_config")
        let (tls, inner) = try place.unpack(any, as: Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext.self)
        try inner.refuse(tls.allowRenegotiation, "allow_renegotiation")
        return ClientTLSContext(
            common: try Self.common(tls.commonTlsContext, inner.field("common_tls_context")),
            serverName: tls.sni.isEmpty ? nil : tls.sni, asksForEndpoint: tls.autoHostSni)
    }

    private static func configuration(
        _ socket: Envoy_Config_Core_V3_TransportSocket, _ context: FieldContext
    ) throws(DecodingError) -> Google_Protobuf_Any? {
        guard case .typedConfig(let any)? = socket.configType else {
            if socket.name == ExtensionName.rawBuffer { return nil }
            throw context.error("transport socket \(socket.name) has no configuration")
        }
        return any.typeURL == TypeURL.rawBuffer ? nil : any
    }

    private static func common(_ tls: CommonContext, _ context: FieldContext) throws(DecodingError) -> TLSSettings {
        try context.refuse(!tls.tlsParams.ecdhCurves.isEmpty, "tls_params.ecdh_curves")
        var settings = TLSSettings(applicationProtocols: tls.alpnProtocols, cipherSuites: tls.tlsParams.cipherSuites)
        settings.minimumVersion = try Self.version(
            tls.tlsParams.tlsMinimumProtocolVersion, default: .tls12, context.field("tls_params"))
        settings.maximumVersion = try Self.version(
            tls.tlsParams.tlsMaximumProtocolVersion, default: .tls13, context.field("tls_params"))
        for (index, certificate) in tls.tlsCertificates.enumerated() {
            settings.certificates.append(try Self.certificate(certificate, context.element("tls_certificates", index)))
        }
        for (index, secret) in tls.tlsCertificateSdsSecretConfigs.enumerated() {
            settings.certificates.append(
                .secret(try Self.secret(secret, context.element("tls_certificate_sds_secret_configs", index))))
        }
        switch tls.validationContextType {
        case .validationContext(let validation):
            try Self.validation(validation, &settings, context.field("validation_context"))
        case .validationContextSdsSecretConfig(let secret):
            settings.trust = .secret(try Self.secret(secret, context.field("validation_context_sds_secret_config")))
        case .combinedValidationContext(let combined):
            let place = context.field("combined_validation_context")
            try Self.validation(combined.defaultValidationContext, &settings, place.field("default_validation_context"))
            settings.trust = .secret(
                try Self.secret(
                    combined.validationContextSdsSecretConfig, place.field("validation_context_sds_secret_config")))
        case nil:
            break
        }
        return settings
    }

    private static func validation(
        _ validation: ValidationContext, _ settings: inout TLSSettings, _ context: FieldContext
    ) throws(DecodingError) {
        try context.refuse(validation.allowExpiredCertificate, "allow_expired_certificate")
        settings.certificateHashes = try CertificateHashDecoder.hexadecimal(
            validation.verifyCertificateHash, context, "verify_certificate_hash")
        settings.keyHashes = try CertificateHashDecoder.base64(
            validation.verifyCertificateSpki, context, "verify_certificate_spki")
        try context.refuse(validation.trustChainVerification != .verifyTrustChain, "trust_chain_verification")
        switch validation.trustedCa.specifier {
        case .filename(let path): settings.trust = .file(path)
        case .inlineBytes(let bytes): settings.trust = .inline(String(decoding: bytes, as: UTF8.self))
        case .inlineString(let text): settings.trust = .inline(text)
        case .environmentVariable: throw context.field("trusted_ca").error("is not supported by this proxy")
        case nil: break
        }
        for (index, matcher) in validation.matchTypedSubjectAltNames.enumerated() {
            let place = context.element("match_typed_subject_alt_names", index)
            settings.subjectAltNames.append(
                SubjectAltNameMatch(
                    kind: try Self.kind(matcher.sanType, place),
                    match: try MatchDecoder.text(matcher.matcher, place.field("matcher"))))
        }
    }

    private static func kind(
        _ type: Envoy_Extensions_TransportSockets_Tls_V3_SubjectAltNameMatcher.SanType, _ context: FieldContext
    ) throws(DecodingError) -> SubjectAltNameMatch.Kind {
        switch type {
        case .unspecified: .any
        case .email: .email
        case .dns: .dns
        case .uri: .uri
        case .ipAddress: .ipAddress
        case .otherName, .UNRECOGNIZED: throw context.field("san_type").error("is not supported by this proxy")
        }
    }

    private static func certificate(
        _ certificate: Envoy_Extensions_TransportSockets_Tls_V3_TlsCertificate, _ context: FieldContext
    ) throws(DecodingError) -> TLSSettings.Certificate {
        switch (certificate.certificateChain.specifier, certificate.privateKey.specifier) {
        case (.filename(let chain), .filename(let key)):
            return .files(chain: chain, key: key)
        default:
            guard let chain = Self.inline(certificate.certificateChain), let key = Self.inline(certificate.privateKey) else {
                throw context.error("certificate and key have to be both files or both inline")
            }
            return .inline(chain: chain, key: SecretBytes(pem: key))
        }
    }

    private static func inline(_ source: Envoy_Config_Core_V3_DataSource) -> String? {
        switch source.specifier {
        case .inlineBytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .inlineString(let text): text
        default: nil
        }
    }

    private static func secret(
        _ secret: Envoy_Extensions_TransportSockets_Tls_V3_SdsSecretConfig, _ context: FieldContext
    ) throws(DecodingError) -> SecretReference {
        let name = try context.nonEmpty(secret.name, "name")
        guard secret.hasSdsConfig else { return SecretReference(name: name, source: "") }
        switch try ConfigurationSourceDecoder.decode(secret.sdsConfig, context.field("sds_config")) {
        case .aggregated: return SecretReference(name: name, source: "ads")
        case .service(let service): return SecretReference(name: name, source: service.cluster)
        case .file(let path): return SecretReference(name: name, source: path)
        }
    }

    /// A resource of its own, from a bootstrap or by SDS.
    static func secret(
        _ secret: Envoy_Extensions_TransportSockets_Tls_V3_Secret, _ context: FieldContext
    ) throws(DecodingError) -> TLSSecret {
        switch secret.type {
        case .tlsCertificate(let certificate):
            return .certificate(try Self.certificate(certificate, context.field("tls_certificate")))
        case .validationContext(let validation):
            let place = context.field("validation_context")
            var settings = TLSSettings()
            try Self.validation(validation, &settings, place)
            // Names are compared by the contexts that name the secret.
            try place.refuse(!settings.subjectAltNames.isEmpty, "match_typed_subject_alt_names")
            guard let trust = settings.trust else { throw place.field("trusted_ca").error("is missing") }
            return .trust(trust)
        case .genericSecret: throw context.field("generic_secret").error("is not supported by this proxy")
        case nil: throw context.error("holds neither a certificate nor a validation context")
        }
    }

    private static func version(
        _ version: Envoy_Extensions_TransportSockets_Tls_V3_TlsParameters.TlsProtocol, default: TLSSettings.Version,
        _ context: FieldContext
    ) throws(DecodingError) -> TLSSettings.Version {
        switch version {
        case .tlsAuto: `default`
        case .tlsv10: .tls10
        case .tlsv11: .tls11
        case .tlsv12: .tls12
        case .tlsv13: .tls13
        case .UNRECOGNIZED: throw context.error("unknown TLS version")
        }
    }
}
