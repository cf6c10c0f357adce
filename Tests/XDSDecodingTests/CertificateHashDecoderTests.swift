// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// Peers that are known by a hash.
@Suite struct CertificateHashDecoderTests {
    private static let hash = String(repeating: "ab", count: 32)
    private static let colons = Array(repeating: "AB", count: 32).joined(separator: ":")
    private static let base64 = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="

    private static func settings(_ fields: String) throws -> TLSSettings? {
        ExtensionTypes.register()
        let json = """
            {"name": "c", "transportSocket": {"name": "t", "typedConfig": {
              "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
              "commonTlsContext": {"validationContext": {\(fields)}}}}}
            """
        return try ClusterDecoder.decode(Envoy_Config_Cluster_V3_Cluster(jsonString: json)).tls?.common
    }

    @Test func `hashes are read in every spelling`() throws {
        let settings = try #require(
            try Self.settings(
                #""verifyCertificateHash": ["\#(Self.hash)", "\#(Self.colons)"], "verifyCertificateSpki": ["\#(Self.base64)"]"#))
        #expect(settings.certificateHashes == [Self.hash])
        #expect(settings.keyHashes == [Self.hash])
    }

    @Test(
        arguments: [
            (#""verifyCertificateHash": ["ab"]"#, "verify_certificate_hash[0]"),
            (#""verifyCertificateSpki": ["q6s=", ""]"#, "verify_certificate_spki[0]"),
            (#""allowExpiredCertificate": true"#, "allow_expired_certificate"),
        ])
    func `a mistake is named`(fields: String, field: String) {
        let error = #expect(throws: DecodingError.self) { try Self.settings(fields) }
        #expect(error?.path.hasSuffix("validation_context.\(field)") == true)
    }
}
