// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// The path condition of a route, compiled once a snapshot. The query takes no part.
package enum PathMatcher: Sendable {
    case prefix(String, ignoringCase: Bool)
    case exact(String, ignoringCase: Bool)
    case segmentPrefix(String, ignoringCase: Bool)
    case regex(RegexProgram)
    case connect

    package init(_ match: RouteMatch) throws(RegexError) {
        switch match.path {
        case .prefix(let text): self = .prefix(text, ignoringCase: match.ignoresCase)
        case .exact(let text): self = .exact(text, ignoringCase: match.ignoresCase)
        case .segmentPrefix(let text): self = .segmentPrefix(text, ignoringCase: match.ignoresCase)
        case .regex(let pattern): self = .regex(try RegexProgram(pattern))
        case .connect: self = .connect
        }
    }

    package func matches(_ head: RequestHead) -> Bool {
        if head.method == .connect { if case .connect = self { return true } else { return false } }
        switch self {
        case .prefix("/", _): return head.pathAndQuery.hasPrefix("/")
        case .prefix(let text, let ignoringCase): return head.pathAndQuery.hasPrefix(text, ignoringCase: ignoringCase)
        case .exact(let text, let ignoringCase): return ignoringCase ? head.path.equalsIgnoringCase(text) : head.path == text
        case .segmentPrefix(let text, let ignoringCase):
            let path = head.path
            guard path.hasPrefix(text, ignoringCase: ignoringCase) else { return false }
            return path.count == text.utf8.count || path.slice(text.utf8.count..<path.count).hasPrefix("/")
        case .regex(let program): return head.path.withBytes { program.matchesWhole($0) }
        case .connect: return false
        }
    }

    /// How many bytes of the path a prefix rewrite replaces; nil for all of it.
    package var matchedLength: Int? {
        switch self {
        case .prefix(let text, _), .segmentPrefix(let text, _), .exact(let text, _): text.utf8.count
        case .regex, .connect: nil
        }
    }
}
