// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// The path condition of a route, compiled once a snapshot. The query takes no part.
package enum PathMatcher: Sendable {
    /// The prefix `/`.
    case everything
    case prefix(BytePattern)
    case exact(BytePattern)
    case segmentPrefix(BytePattern)
    case regex(RegexProgram)
    case connect

    package init(_ match: RouteMatch) throws(RegexError) {
        switch match.path {
        case .prefix("/"): self = .everything
        case .prefix(let text): self = .prefix(BytePattern(text, ignoringCase: match.ignoresCase))
        case .exact(let text): self = .exact(BytePattern(text, ignoringCase: match.ignoresCase))
        case .segmentPrefix(let text): self = .segmentPrefix(BytePattern(text, ignoringCase: match.ignoresCase))
        case .regex(let pattern): self = .regex(try RegexProgram(pattern))
        case .connect: self = .connect
        }
    }

    package func matches(_ head: RequestHead) -> Bool {
        if head.method == .connect { if case .connect = self { return true } else { return false } }
        switch self {
        case .everything: return head.pathAndQuery.withBytes { $0.first == UInt8(ascii: "/") }
        case .prefix(let pattern): return head.pathAndQuery.withBytes { pattern.isPrefix(of: $0) }
        case .exact(let pattern): return head.withPath { pattern.isWhole($0) }
        case .segmentPrefix(let pattern):
            return head.withPath { path in
                guard pattern.isPrefix(of: path) else { return false }
                return path.count == pattern.count || path[pattern.count] == UInt8(ascii: "/")
            }
        case .regex(let program): return head.withPath { program.matchesWhole($0) }
        case .connect: return false
        }
    }

    /// How many bytes of the path a prefix rewrite replaces; nil for all of it.
    package var matchedLength: Int? {
        switch self {
        case .everything: 1
        case .prefix(let pattern), .segmentPrefix(let pattern), .exact(let pattern): pattern.count
        case .regex, .connect: nil
        }
    }
}
