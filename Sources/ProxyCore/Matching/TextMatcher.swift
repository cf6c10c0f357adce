// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// A `TextMatch`, compiled once a snapshot.
package enum TextMatcher: Sendable {
    case exact(String, ignoringCase: Bool)
    case prefix(String, ignoringCase: Bool)
    case suffix(String, ignoringCase: Bool)
    case contains(String, ignoringCase: Bool)
    case regex(RegexProgram)

    package init(_ match: TextMatch) throws(RegexError) {
        switch match {
        case .exact(let text, let ignoringCase): self = .exact(text, ignoringCase: ignoringCase)
        case .prefix(let text, let ignoringCase): self = .prefix(text, ignoringCase: ignoringCase)
        case .suffix(let text, let ignoringCase): self = .suffix(text, ignoringCase: ignoringCase)
        case .contains(let text, let ignoringCase): self = .contains(text, ignoringCase: ignoringCase)
        case .regex(let pattern): self = .regex(try RegexProgram(pattern))
        }
    }

    package func matches(_ text: TextSlice) -> Bool {
        switch self {
        case .exact(let wanted, false): text == wanted
        case .exact(let wanted, true): text.equalsIgnoringCase(wanted)
        case .prefix(let wanted, let ignoringCase): text.hasPrefix(wanted, ignoringCase: ignoringCase)
        case .suffix(let wanted, let ignoringCase): text.hasSuffix(wanted, ignoringCase: ignoringCase)
        case .contains(let wanted, let ignoringCase): text.contains(wanted, ignoringCase: ignoringCase)
        case .regex(let program): text.withBytes { program.matchesWhole($0) }
        }
    }

    package func matches(_ text: String) -> Bool { matches(TextSlice(text)) }
}
