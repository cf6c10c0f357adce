// SPDX-License-Identifier: Apache-2.0
import Foundation
import ProxyModel
import SPIFFE
import X509

/// `/certs`: who we are and whom we believe, until when. Never keys.
struct CertificatesPage {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response() -> AdminResponse {
        var entries = self.sources.dataPlane.certificates.map { entry in
            DocumentTree.object(["ca_cert": self.list(entry.roots), "cert_chain": self.list(entry.chain)])
        }
        if let credential = self.sources.certificates.current {
            entries.append(
                .object([
                    "ca_cert": .list(credential.bundle.authorities.map { self.tree($0, "sds://ROOTCA") }),
                    "cert_chain": .list(credential.svid.chain.map { self.tree($0, "sds://default") }),
                ]))
        }
        return .json(DocumentTree.object(["certificates": .list(entries)]).json + "\n")
    }

    private func list(_ source: TLSInventoryEntry.Source?) -> DocumentTree {
        guard let source, let certificates = try? CertificatePEM.parse(source.pem) else { return .list([]) }
        return .list(certificates.map { self.tree($0, source.path) })
    }

    private func tree(_ certificate: Certificate, _ path: String) -> DocumentTree {
        let serial = certificate.serialNumber.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let left = certificate.notValidAfter.timeIntervalSince(self.sources.now())
        return .object([
            "path": .text(path), "serial_number": .text(serial),
            "subject_alt_names": .list(Self.names(of: certificate)),
            "valid_from": .text(Self.text(certificate.notValidBefore)),
            "expiration_time": .text(Self.text(certificate.notValidAfter)),
            "days_until_expiration": .text(String(Int(max(0, left / 86_400)))),
        ])
    }

    private static func names(of certificate: Certificate) -> [DocumentTree] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let text): .object(["dns": .text(text)])
            case .uniformResourceIdentifier(let text): .object(["uri": .text(text)])
            default: nil
            }
        }
    }

    private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
