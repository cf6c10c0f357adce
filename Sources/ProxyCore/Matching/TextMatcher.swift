// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// A `TextMatch`, compiled once a snapshot.
package enum TextMatcher: Sendable {
    case exact(BytePattern)
    case prefix(BytePattern)
    case suffix(BytePattern)
    case contains(BytePattern)
    case regex(RegexProgram)

    package init(_ match: TextMatch) throws(RegexError) {
        switch match {
        case .exact(let text, let ignoringCase): self = .exact(BytePattern(text, ignoringCase: ignoringCase))
        case .prefix(let text, let ignoringCase): self = .prefix(BytePattern(text, ignoringCase: ignoringCase))
        case .suffix(let text, let ignoringCase): self = .suffix(BytePattern(text, ignoringCase: ignoringCase))
        case .contains(let text, let ignoringCase): self = .contains(BytePattern(text, ignoringCase: ignoringCase))
        case .regex(let pattern): self = .regex(try RegexProgram(pattern))
        }
    }

    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .exact(let pattern): pattern.isWhole(text)
        case .prefix(let pattern): pattern.isPrefix(of: text)
        case .suffix(let pattern): pattern.isSuffix(of: text)
        case .contains(let pattern): pattern.isContained(in: text)
        case .regex(let program): program.matchesWhole(text)
        }
    }

    package func matches(_ text: TextSlice) -> Bool { text.withBytes { self.matches($0) } }

    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { self.matches(UnsafeRawBufferPointer($0)) }
    }
}
