// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import Observability

/// What came of TLS handshakes.
final class TLSStats: StatGroup {
    var handshakes = 0
    /// The peer showed none.
    var withoutCertificate = 0
    var errors = 0
    var unverified = 0
    var missingCertificates = 0
    var wrongNames = 0
    private var versions: [(name: String, count: Int)] = []

    func completed(version: String?, hasCertificate: Bool) {
        self.handshakes &+= 1
        if !hasCertificate { self.withoutCertificate &+= 1 }
        guard let version else { return }
        if let index = self.versions.firstIndex(where: { $0.name == version }) {
            self.versions[index].count &+= 1
        } else {
            self.versions.append((version, 1))
        }
    }

    /// - Parameter error: What TLS said when it gave up.
    func failed(_ error: any Error) {
        guard case .handshakeFailed(.sslError)? = error as? NIOSSLError else { return }
        // The library tells reasons apart in its text only.
        let text = "\(error)"
        if text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") {
            self.missingCertificates &+= 1
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self.unverified &+= 1
        } else if !text.contains("EOF during handshake") {
            self.errors &+= 1
        }
    }

    static let columns: [StatColumn<TLSStats>] = [
        .counter("ssl.handshake") { $0.handshakes },
        .counter("ssl.no_certificate") { $0.withoutCertificate },
        .counter("ssl.connection_error") { $0.errors },
        .counter("ssl.fail_verify_error") { $0.unverified },
        .counter("ssl.fail_verify_no_cert") { $0.missingCertificates },
        .counter("ssl.fail_verify_san") { $0.wrongNames },
    ]

    func blocks(_ prefix: StatPrefix) -> [StatBlock] {
        [self.block(prefix)] + self.versions.map { StatBlock(prefix, [StatField("ssl.versions.\($0.name)")], [$0.count]) }
    }
}
