// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE
import X509

/// `/certs`: who we are and whom we believe, until when. Never keys.
struct CertificatesPage {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func response() -> AdminResponse {
        guard let credential = self.sources.certificates.current else {
            return .json(DocumentTree.object(["certificates": .list([])]).json + "\n")
        }
        let entry = DocumentTree.object([
            "ca_cert": .list(credential.bundle.authorities.map { self.tree($0, name: "ROOTCA", uri: nil) }),
            "cert_chain": .list(
                credential.svid.chain.enumerated().map { index, certificate in
                    self.tree(certificate, name: "default", uri: index == 0 ? credential.id.description : nil)
                }),
        ])
        return .json(DocumentTree.object(["certificates": .list([entry])]).json + "\n")
    }

    private func tree(_ certificate: Certificate, name: String, uri: String?) -> DocumentTree {
        let serial = certificate.serialNumber.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let left = certificate.notValidAfter.timeIntervalSince(self.sources.now())
        var members: [String: DocumentTree] = [
            "path": .text("sds://\(name)"), "serial_number": .text(serial),
            "valid_from": .text(Self.text(certificate.notValidBefore)),
            "expiration_time": .text(Self.text(certificate.notValidAfter)),
            "days_until_expiration": .text(String(Int(max(0, left / 86_400)))),
        ]
        members["subject_alt_names"] = .list(uri.map { [.object(["uri": .text($0)])] } ?? [])
        return .object(members)
    }

    private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
