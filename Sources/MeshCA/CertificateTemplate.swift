// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import SPIFFE
import SwiftASN1
package import X509

/// What a certificate will say, decided before anything is signed.
package struct CertificateTemplate: Sendable, Hashable {
    package enum Role: Sendable, Hashable {
        case root, intermediate, workload, server
    }

    package var role: Role
    package var commonName: String?
    package var names: [GeneralName]
    package var notBefore: Date
    package var notAfter: Date

    /// An SVID. Backdated a little for clocks that are behind, and never valid for longer than its issuer.
    package static func workload(
        _ id: SPIFFEID, lifetime: Duration, issuerNotAfter: Date, now: Date
    ) -> CertificateTemplate {
        CertificateTemplate(
            role: .workload, commonName: nil, names: [.uniformResourceIdentifier(id.description)],
            notBefore: Self.backdated(now, lifetime), notAfter: min(now + lifetime.timeInterval, issuerNotAfter))
    }

    package static func root(_ trustDomain: TrustDomain, lifetime: Duration, now: Date) -> CertificateTemplate {
        CertificateTemplate(
            role: .root, commonName: "Malla root of \(trustDomain)",
            names: [.uniformResourceIdentifier("spiffe://\(trustDomain)")],
            notBefore: Self.backdated(now, lifetime), notAfter: now + lifetime.timeInterval)
    }

    package static func intermediate(
        _ trustDomain: TrustDomain, lifetime: Duration, issuerNotAfter: Date, now: Date
    ) -> CertificateTemplate {
        CertificateTemplate(
            role: .intermediate, commonName: "Malla intermediate of \(trustDomain)",
            names: [.uniformResourceIdentifier("spiffe://\(trustDomain)")],
            notBefore: Self.backdated(now, lifetime), notAfter: min(now + lifetime.timeInterval, issuerNotAfter))
    }

    package static func server(
        names: [String], addresses: [[UInt8]], lifetime: Duration, issuerNotAfter: Date, now: Date
    ) -> CertificateTemplate {
        CertificateTemplate(
            role: .server, commonName: nil,
            names: names.map { .dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) },
            notBefore: Self.backdated(now, lifetime), notAfter: min(now + lifetime.timeInterval, issuerNotAfter))
    }

    private static func backdated(_ now: Date, _ lifetime: Duration) -> Date {
        now - min(120, lifetime.timeInterval / 10)
    }
}

extension Duration {
    var timeInterval: TimeInterval {
        TimeInterval(self.components.seconds) + TimeInterval(self.components.attoseconds) / 1e18
    }
}
