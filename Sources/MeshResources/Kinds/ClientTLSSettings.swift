// SPDX-License-Identifier: Apache-2.0

/// How TLS is begun towards a destination. Where it is set, it overrides automatic mutual TLS.
package struct ClientTLSSettings: Sendable, Hashable {
    package enum Mode: String, Sendable, Hashable, CaseIterable {
        case disable = "DISABLE"
        case simple = "SIMPLE"
        case mutual = "MUTUAL"
        case istioMutual = "ISTIO_MUTUAL"
    }

    package var mode: Mode
    package var clientCertificate: String?
    package var privateKey: String?
    package var caCertificates: String?
    package var caCRL: String?
    package var credentialName: String?
    package var subjectAltNames: [String]
    package var sni: String?
    package var insecureSkipVerify: Bool?

    package init(_ tree: ManifestValue) {
        mode = tree.string("mode").flatMap(Mode.init) ?? .disable
        clientCertificate = tree.string("clientCertificate")
        privateKey = tree.string("privateKey")
        caCertificates = tree.string("caCertificates")
        caCRL = tree.string("caCrl")
        credentialName = tree.string("credentialName")
        subjectAltNames = tree.strings("subjectAltNames") ?? []
        sni = tree.string("sni")
        insecureSkipVerify = tree.bool("insecureSkipVerify")
    }
}
