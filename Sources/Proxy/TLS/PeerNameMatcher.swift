// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// What a peer's certificate must say, made ready: one of the conditions has to hold for one of its names.
struct PeerNameMatcher: Sendable {
    private struct Condition: Sendable {
        var kind: PeerName.Kind?
        /// nil: cannot be read, so that it never holds.
        var matcher: TextMatcher?
        /// An exact DNS name also fits a certificate for `*.domain`.
        var host: String?
    }

    private let conditions: [Condition]

    init(_ matches: [SubjectAltNameMatch]) {
        self.conditions = matches.map { match in
            var host: String?
            if case .exact(let name, _) = match.match, match.kind == .dns { host = name.lowercased() }
            return Condition(kind: PeerName.Kind(match.kind), matcher: try? TextMatcher(match.match), host: host)
        }
    }

    /// Any name will do.
    var acceptsAll: Bool { self.conditions.isEmpty }

    func accepts(_ names: [PeerName]) -> Bool {
        self.conditions.isEmpty || self.conditions.contains { condition in names.contains { Self.holds(condition, $0) } }
    }

    private static func holds(_ condition: Condition, _ name: PeerName) -> Bool {
        if let kind = condition.kind, kind != name.kind { return false }
        if let matcher = condition.matcher, matcher.matches(name.text) { return true }
        guard let host = condition.host, name.text.hasPrefix("*.") else { return false }
        // The star stands for one label (RFC 6125 6.4.3).
        guard let dot = host.firstIndex(of: ".") else { return false }
        return host[dot...] == name.text.dropFirst().lowercased()
    }
}

extension PeerName.Kind {
    /// nil: any kind.
    fileprivate init?(_ kind: SubjectAltNameMatch.Kind) {
        switch kind {
        case .dns: self = .dns
        case .uri: self = .uri
        case .email: self = .email
        case .ipAddress: self = .ipAddress
        case .any: return nil
        }
    }
}
