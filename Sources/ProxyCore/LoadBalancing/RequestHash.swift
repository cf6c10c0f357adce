// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// The hash of a request for balancers that keep to one endpoint, as its route's policies say.
package enum RequestHash {
    /// nil where no policy found anything to hash. `sourceAddress` is the client's, without port.
    package static func compute(_ policies: [HashPolicy], head: RequestHead, sourceAddress: String) -> UInt64? {
        var hash: UInt64?
        for policy in policies {
            let (found, isTerminal) = self.hash(policy, head, sourceAddress)
            if let found { hash = ((hash ?? 0) << 1 | (hash ?? 0) >> 63) ^ found }
            if isTerminal, hash != nil { break }
        }
        return hash
    }

    private static func hash(_ policy: HashPolicy, _ head: RequestHead, _ source: String) -> (UInt64?, isTerminal: Bool) {
        switch policy {
        case .header(let name, let terminal):
            return (head.headers.first(HeaderName(name)).map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        case .cookie(let name, _, _, let terminal):
            return (self.cookie(name, head).map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        case .sourceAddress(let terminal):
            return (source.isEmpty ? nil : XXHash64.hash(source), terminal)
        case .queryParameter(let name, let terminal):
            let value = head.query.flatMap { self.member(name, of: $0, separator: UInt8(ascii: "&")) }
            return (value.map { $0.withBytes { XXHash64.hash($0) } }, terminal)
        }
    }

    private static func cookie(_ name: String, _ head: RequestHead) -> TextSlice? {
        for line in head.headers.values(HeaderName(.cookie)) {
            if let value = self.member(name, of: line, separator: UInt8(ascii: ";")), !value.isEmpty { return value }
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
