// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// What a peer's certificate must be, beside signed by whom we trust: one of the names, and one of the hashes, where any are asked for.
struct PeerVerifier: Sendable {
    /// What requests name the peer.
    private struct Host: Sendable {
        let name: String
        let matcher: PeerNameMatcher
        /// Without anybody to trust a name proves nothing.
        let isTrusting: Bool
    }

    private var host: Host?
    private let names: PeerNameMatcher
    private let certificateHashes: Set<String>
    private let keyHashes: Set<String>

    /// - Parameter settings: nil: nothing is asked for.
    init(_ settings: TLSSettings?) {
        self.names = PeerNameMatcher(settings?.subjectAltNames ?? [])
        self.certificateHashes = settings?.certificateHashes ?? []
        self.keyHashes = settings?.keyHashes ?? []
    }

    /// The certificate also has to bear the name by which requests call the peer.
    mutating func wants(_ host: HostName, isTrusting: Bool) {
        let matches = [SubjectAltNameMatch.Kind.dns, .any].map {
            SubjectAltNameMatch(kind: $0, match: .exact(host.text, ignoringCase: $0 == .dns))
        }
        self.host = Host(name: host.text, matcher: PeerNameMatcher(matches), isTrusting: isTrusting)
    }

    var acceptsAll: Bool { self.names.acceptsAll && !self.hasHashes && self.host == nil }

    private var hasHashes: Bool { !self.certificateHashes.isEmpty || !self.keyHashes.isEmpty }

    func accepts(_ peer: HandshakePeer) -> Bool { self.objection(to: peer) == nil }

    /// Why the peer is not the one that is wanted; nil if it is.
    func objection(to peer: HandshakePeer?) -> String? {
        guard let peer else { return "verify SAN list: peer is nobody" }
        guard self.names.accepts(peer.names), self.hashesFit(peer) else {
            return "verify SAN list: peer is \(Self.text(of: peer))"
        }
        guard let host = self.host else { return nil }
        guard host.isTrusting else { return "no trusted_ca to check the certificate for \(host.name)" }
        guard host.matcher.accepts(peer.names) else {
            return "verify SAN list: peer is \(Self.text(of: peer)), not \(host.name)"
        }
        return nil
    }

    private static func text(of peer: HandshakePeer) -> String {
        peer.names.isEmpty ? "nobody" : peer.names.map(\.text).joined(separator: ", ")
    }

    private func hashesFit(_ peer: HandshakePeer) -> Bool {
        guard self.hasHashes else { return true }
        if self.certificateHashes.contains(peer.certificateHash) { return true }
        guard !self.keyHashes.isEmpty, let hash = peer.keyHash else { return false }
        return self.keyHashes.contains(hash)
    }
}
