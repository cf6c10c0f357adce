// SPDX-License-Identifier: Apache-2.0
import Foundation
package import ProxyModel

extension CertificateVault {
    /// Each once, in a fixed order. Files are read again: what cannot be read now is left out.
    package var inventory: [TLSInventoryEntry] {
        var entries: Set<TLSInventoryEntry> = []
        for (settings, secrets) in self.settingsInUse {
            var entry = TLSInventoryEntry()
            entry.chain = settings.certificates.first.flatMap { Self.chain($0, secrets) }
            entry.roots = settings.trust.flatMap { Self.roots($0, secrets) }
            if entry != TLSInventoryEntry() { entries.insert(entry) }
        }
        return entries.sorted { Self.order($0) < Self.order($1) }
    }

    private static func order(_ entry: TLSInventoryEntry) -> String {
        [entry.chain, entry.roots].map { "\($0?.path ?? "")\n\($0?.pem ?? "")" }.joined(separator: "\n")
    }

    private static func chain(
        _ certificate: TLSSettings.Certificate, _ secrets: [String: TLSSecret]
    ) -> TLSInventoryEntry.Source? {
        switch certificate {
        case .files(let chain, _): return Self.file(chain)
        case .inline(let chain, _): return TLSInventoryEntry.Source(path: "<inline>", pem: chain)
        case .secret(let secret):
            guard case .certificate(let certificate)? = secrets[secret.name] else { return nil }
            if case .secret = certificate { return nil }
            return Self.chain(certificate, [:])
        }
    }

    private static func roots(_ trust: TLSSettings.Trust, _ secrets: [String: TLSSecret]) -> TLSInventoryEntry.Source? {
        switch trust {
        case .file(let path): return Self.file(path)
        case .inline(let pem): return TLSInventoryEntry.Source(path: "<inline>", pem: pem)
        case .secret(let secret):
            guard case .trust(let trust)? = secrets[secret.name] else { return nil }
            if case .secret = trust { return nil }
            return Self.roots(trust, [:])
        }
    }

    private static func file(_ path: String) -> TLSInventoryEntry.Source? {
        (try? String(contentsOfFile: path, encoding: .utf8)).map { TLSInventoryEntry.Source(path: path, pem: $0) }
    }
}
