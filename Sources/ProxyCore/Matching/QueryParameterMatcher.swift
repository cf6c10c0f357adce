// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// A `QueryParameterMatch`, compiled once a snapshot. As in Envoy, names and values are compared without percent-decoding, and
/// the first parameter of the name counts.
package struct QueryParameterMatcher: Sendable {
    private let name: String
    private let text: TextMatcher?

    package init(_ match: QueryParameterMatch) throws(RegexError) {
        name = match.name
        switch match.condition {
        case .present: text = nil
        case .text(let match): text = try TextMatcher(match)
        }
    }

    package func matches(query: TextSlice?) -> Bool {
        guard let query, let value = Self.value(of: name, in: query) else { return false }
        return text?.matches(value) ?? true
    }

    /// Nil: no such parameter. Empty: a parameter without `=`.
    package static func value(of name: String, in query: TextSlice) -> TextSlice? {
        var start = 0
        while start <= query.count {
            let rest = query.slice(start..<query.count)
            let length = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.count
            let pair = rest.slice(0..<length)
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
            if pair.slice(0..<equals) == name { return equals < pair.count ? pair.slice((equals + 1)..<pair.count) : .empty }
            start += length + 1
        }
        return nil
    }
}
