// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// The hash of a request for balancers that keep to one endpoint, as its route's policies say.
package struct RequestHash: Sendable, Hashable {
    /// nil where no policy found anything to hash.
    package private(set) var value: UInt64?
    /// `set-cookie` values for the answer: cookies that a policy makes where the client brings none.
    package private(set) var newCookies: [String] = []

    /// - Parameters:
    ///   - sourceAddress: The client's, without port.
    ///   - connection: Says which connection this is, so that requests on it that race agree on the cookie they make.
    package init(_ policies: [HashPolicy], head: RequestHead, sourceAddress: String, connection: String) {
        for policy in policies {
            var (found, isTerminal) = Self.hash(policy, head, sourceAddress)
            if found == nil, case .cookie(let name, let path, let lifetime?, _) = policy {
                let cookie = String(XXHash64.hash(connection), radix: 16)
                found = XXHash64.hash(cookie)
                self.newCookies.append(Self.setCookie(name, cookie, path: path, lifetime: lifetime))
            }
            if let found { self.value = ((self.value ?? 0) << 1 | (self.value ?? 0) >> 63) ^ found }
            if isTerminal, self.value != nil { break }
        }
    }

    /// A lifetime of zero makes it last as long as the client's session.
    private static func setCookie(_ name: String, _ value: String, path: String, lifetime: Duration) -> String {
        var text = "\(name)=\"\(value)\""
        if lifetime > .zero { text += "; Max-Age=\(lifetime.components.seconds)" }
        if !path.isEmpty { text += "; Path=\(path)" }
        return text + "; HttpOnly"
    }

    private static func hash(_ policy: HashPolicy, _ head: RequestHead, _ source: String) -> (UInt64?, isTerminal: Bool) {
        switch policy {
        case .header(let name, let terminal):
            return (head.headers.first(HeaderName(name)).map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        case .cookie(let name, _, _, let terminal):
            return (Self.cookie(name, head).map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        case .sourceAddress(let terminal):
            return (source.isEmpty ? nil : XXHash64.hash(source), terminal)
        case .queryParameter(let name, let terminal):
            let value = head.query.flatMap { Self.member(name, of: $0, separator: UInt8(ascii: "&")) }
            return (value.map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        }
    }

    private static func cookie(_ name: String, _ head: RequestHead) -> TextSlice? {
        for line in head.headers.values(HeaderName(.cookie)) {
            guard let value = Self.member(name, of: line, separator: UInt8(ascii: ";")), !value.isEmpty else { continue }
            let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
            return isQuoted ? value.slice(1..<(value.count - 1)) : value
        }
        return nil
    }

    /// The value of the first `name=value` in a list.
    private static func member(_ name: String, of list: TextSlice, separator: UInt8) -> TextSlice? {
        var rest = list
        while !rest.isEmpty {
            let end = rest.firstIndex(of: separator) ?? rest.count
            let pair = rest.slice(0..<end).trimmed
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
            if pair.slice(0..<equals) == name { return pair.slice(min(equals + 1, pair.count)..<pair.count) }
            rest = end < rest.count ? rest.slice((end + 1)..<rest.count) : .empty
        }
        return nil
    }
}
