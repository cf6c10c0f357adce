// SPDX-License-Identifier: Apache-2.0

/// TLS as a server.
package struct ServerTLSContext: Sendable, Hashable {
    package var common: TLSSettings
    package var requiresClientCertificate: Bool

    package init(common: TLSSettings, requiresClientCertificate: Bool = false) {
        self.common = common
        self.requiresClientCertificate = requiresClientCertificate
    }
}

/// TLS as a client.
package struct ClientTLSContext: Sendable, Hashable {
    package var common: TLSSettings
    package var serverName: String?
    /// An endpoint that has a host name is asked for by that in place of `serverName`.
    package var asksForEndpoint: Bool

    package init(common: TLSSettings, serverName: String? = nil, asksForEndpoint: Bool = false) {
        self.common = common
        self.serverName = serverName
        self.asksForEndpoint = asksForEndpoint
    }

    /// As it is for one endpoint. An address is no name that could be asked for (RFC 6066, 3).
    package func resolved(for endpoint: Endpoint) -> ClientTLSContext {
        guard self.asksForEndpoint, !endpoint.hostname.isEmpty, IPAddressBytes.parse(endpoint.hostname) == nil else { return self }
        var context = self
        context.serverName = endpoint.hostname
        return context
    }
}

/// What both sides of TLS have in common.
package struct TLSSettings: Sendable, Hashable {
    package enum Version: Int, Sendable, Hashable, Comparable {
        case tls10 = 10, tls11, tls12, tls13

        package static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
    }

    package enum Certificate: Sendable, Hashable {
        /// By SDS, from the source of that name (`sds-grpc` is the proxy's own store).
        case secret(SecretReference)
        /// PEM.
        case inline(chain: String, key: SecretBytes)
        case files(chain: String, key: String)
    }

    package enum Trust: Sendable, Hashable {
        case secret(SecretReference)
        /// PEM.
        case inline(String)
        case file(String)
    }

    package var certificates: [Certificate]
    /// Nil: the peer's certificate is not checked.
    package var trust: Trust?
    /// One of them must match one name of the peer; empty: any name.
    package var subjectAltNames: [SubjectAltNameMatch]
    /// SHA-256 of the peer's certificate, or of its public key information, in lower hexadecimal: one of all these; empty: any.
    package var certificateHashes: Set<String>
    package var keyHashes: Set<String>
    package var applicationProtocols: [String]
    package var minimumVersion: Version
    package var maximumVersion: Version
    /// OpenSSL names; empty: the library's choice.
    package var cipherSuites: [String]

    package init(
        certificates: [Certificate] = [], trust: Trust? = nil, subjectAltNames: [SubjectAltNameMatch] = [],
        applicationProtocols: [String] = [],
        certificateHashes: Set<String> = [], keyHashes: Set<String> = [],
        minimumVersion: Version = .tls12, maximumVersion: Version = .tls13, cipherSuites: [String] = []
    ) {
        self.certificates = certificates
        self.trust = trust
        self.subjectAltNames = subjectAltNames
        self.certificateHashes = certificateHashes
        self.keyHashes = keyHashes
        self.applicationProtocols = applicationProtocols
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.cipherSuites = cipherSuites
    }
}

/// A secret and who delivers it.
package struct SecretReference: Sendable, Hashable {
    package var name: String
    /// Name of the SDS cluster; `ads` for the aggregated stream; a file's path; empty for a static secret.
    package var source: String

    package init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}

/// Key material that no log and no dump shows.
package struct SecretBytes: Sendable, Hashable, CustomStringConvertible {
    package var pem: String

    package init(pem: String) { self.pem = pem }

    package var description: String { "[redacted]" }
}

/// A condition on one name of a certificate.
package struct SubjectAltNameMatch: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case dns, uri, email, ipAddress, any }

    package var kind: Kind
    package var match: TextMatch

    package init(kind: Kind, match: TextMatch) {
        self.kind = kind
        self.match = match
    }
}
