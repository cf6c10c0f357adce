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
        switch subject {
        case .path: head.pathAndQuery.withBytes { self.holds($0) }
        case .method: head.method.withName { self.holds($0) }
        case .authority: head.authority.withBytes { self.holds($0) }
        case .scheme: Self.withBytes(of: isSecure ? "https" : "http") { self.holds($0) }
        case .header(let name): self.holds(head.headers.combined(name))
        }
    }

    /// The same for a response, where only headers can be asked for.
    package func matches(_ head: ResponseHead) -> Bool {
        guard case .header(let name) = subject else { return false }
        return self.holds(head.headers.combined(name), treatsMissingAsEmpty: false)
    }

    private func holds(_ value: TextSlice?) -> Bool { self.holds(value, treatsMissingAsEmpty: self.treatsMissingAsEmpty) }

    private func holds(_ value: TextSlice?, treatsMissingAsEmpty: Bool) -> Bool {
        if let value { return value.withBytes { self.holds($0) } }
        if case .present(let wanted) = condition { return wanted == inverts }
        return treatsMissingAsEmpty ? self.holds(UnsafeRawBufferPointer(start: nil, count: 0)) : inverts
    }

    /// Of a value that is there.
    private func holds(_ value: UnsafeRawBufferPointer) -> Bool {
        switch condition {
        case .present(let wanted): return wanted != inverts
        case .text(let matcher): return matcher.matches(value) != inverts
        case .range(let low, let high):
            guard let number = Int64(String(decoding: value, as: UTF8.self)) else { return inverts }
            return (number >= low && number < high) != inverts
        }
    }

    private static func withBytes(of text: StaticString, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        body(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
