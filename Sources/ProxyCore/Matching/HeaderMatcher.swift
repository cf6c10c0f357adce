// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// A `HeaderMatch`, compiled once a snapshot.
package struct HeaderMatcher: Sendable {
    private enum Subject: Sendable {
        case path
        case method
        case authority
        case scheme
        case header(HeaderName)
    }

    private enum Condition: Sendable {
        case present(Bool)
        case text(TextMatcher)
        case range(Int64, Int64)
    }

    private let subject: Subject
    private let condition: Condition
    private let inverts: Bool
    private let treatsMissingAsEmpty: Bool

    package init(_ match: HeaderMatch) throws(RegexError) {
        subject =
            switch match.name {
            case ":path": .path
            case ":method": .method
            case ":authority", "host": .authority
            case ":scheme": .scheme
            default: .header(HeaderName(match.name))
            }
        switch match.condition {
        case .present(let wanted): condition = .present(wanted)
        case .text(let text): condition = .text(try TextMatcher(text))
        case .range(let low, let high): condition = .range(low, high)
        }
        inverts = match.inverts
        treatsMissingAsEmpty = match.treatsMissingAsEmpty
    }

    /// Envoy's rules: a header that is not there matches only `present: false` and, inverted, everything but `present`.
    package func matches(_ head: RequestHead, isSecure: Bool) -> Bool {
        let value: TextSlice? =
            switch subject {
            case .path: head.pathAndQuery
            case .method: TextSlice(head.method.name)
            case .authority: head.authority
            case .scheme: isSecure ? "https" : "http"
            case .header(let name): head.headers.combined(name)
            }
        switch condition {
        case .present(let wanted): return ((value != nil) == wanted) != inverts
        case .text(let matcher):
            guard let value = value ?? (treatsMissingAsEmpty ? .empty : nil) else { return inverts }
            return matcher.matches(value) != inverts
        case .range(let low, let high):
            guard let value = value ?? (treatsMissingAsEmpty ? .empty : nil) else { return inverts }
            guard let number = Int64(value.string) else { return inverts }
            return (number >= low && number < high) != inverts
        }
    }

    /// The same for a response, where only headers can be asked for.
    package func matches(_ head: ResponseHead) -> Bool {
        guard case .header(let name) = subject else { return false }
        let value = head.headers.combined(name)
        switch condition {
        case .present(let wanted): return ((value != nil) == wanted) != inverts
        case .text(let matcher): return value.map { matcher.matches($0) != inverts } ?? inverts
        case .range(let low, let high):
            guard let number = value.flatMap({ Int64($0.string) }) else { return inverts }
            return (number >= low && number < high) != inverts
        }
    }
}
