// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// What a peer's certificate must be, beside signed by whom we trust: one of the names, and one of the hashes, where any are asked for.
struct PeerVerifier: Sendable {
    private let names: PeerNameMatcher
    private let certificateHashes: Set<String>
    private let keyHashes: Set<String>

    /// - Parameter settings: nil: nothing is asked for.
    init(_ settings: TLSSettings?) {
        self.names = PeerNameMatcher(settings?.subjectAltNames ?? [])
        self.certificateHashes = settings?.certificateHashes ?? []
        self.keyHashes = settings?.keyHashes ?? []
    }

    var acceptsAll: Bool { self.names.acceptsAll && !self.hasHashes }

    private var hasHashes: Bool { !self.certificateHashes.isEmpty || !self.keyHashes.isEmpty }

    func accepts(_ peer: HandshakePeer) -> Bool {
        guard self.names.accepts(peer.names) else { return false }
        guard self.hasHashes else { return true }
        if self.certificateHashes.contains(peer.certificateHash) { return true }
        guard !self.keyHashes.isEmpty, let hash = peer.keyHash else { return false }
        return self.keyHashes.contains(hash)
    }
}
