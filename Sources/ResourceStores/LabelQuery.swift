// SPDX-License-Identifier: Apache-2.0

/// A label selector in the query syntax of Kubernetes: `app=a,version!=v1,tier in (web,api),!legacy`.
package struct LabelQuery: Sendable, Hashable {
    package enum Requirement: Sendable, Hashable {
        case exists(String)
        case absent(String)
        case among(String, Set<String>)
        /// Also fulfilled when the label is absent.
        case notAmong(String, Set<String>)
    }

    package var requirements: [Requirement]

    package init(_ requirements: [Requirement] = []) { self.requirements = requirements }

    package var isEmpty: Bool { requirements.isEmpty }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            case .among(let key, let values): labels[key].map(values.contains) ?? false
            case .notAmong(let key, let values): labels[key].map { !values.contains($0) } ?? true
            }
        }
    }
}

/// The text is not a label selector.
package struct LabelQueryError: Error, Sendable, Hashable, CustomStringConvertible {
    package var requirement: String

    package var description: String { "not a label selector: \(requirement.prefix(200))" }
}

extension LabelQuery {
    package init(parsing text: String) throws(LabelQueryError) {
        self.init()
        for part in Self.split(text) {
            let part = part.trimmed
            if part.isEmpty { continue }
            requirements.append(try Self.requirement(part))
        }
    }

    /// At the commas outside parentheses.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var inside = false
        for index in text.indices {
            switch text[index] {
            case "(": inside = true
            case ")": inside = false
            case "," where !inside:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func requirement(_ part: Substring) throws(LabelQueryError) -> Requirement {
        if part.hasPrefix("!") { return .absent(try key(part.dropFirst())) }
        if let range = part.firstRange(of: "!=") {
            return .notAmong(try key(part[..<range.lowerBound]), [String(part[range.upperBound...].trimmed)])
        }
        if let range = part.firstRange(of: "==") ?? part.firstRange(of: "=") {
            return .among(try key(part[..<range.lowerBound]), [String(part[range.upperBound...].trimmed)])
        }
        if part.hasSuffix(")"), let open = part.firstIndex(of: "(") {
            let words = part[..<open].split(separator: " ")
            let values = Set(part[part.index(after: open)...].dropLast().split(separator: ",").map { String($0.trimmed) })
            guard words.count == 2, !values.isEmpty else { throw LabelQueryError(requirement: String(part)) }
            switch words[1] {
            case "in": return .among(try key(words[0]), values)
            case "notin": return .notAmong(try key(words[0]), values)
            default: throw LabelQueryError(requirement: String(part))
            }
        }
        return .exists(try key(part))
    }

    private static func key(_ text: Substring) throws(LabelQueryError) -> String {
        let key = text.trimmed
        let isKey =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || [45, 46, 47, 95].contains(byte)
            }
        guard isKey else { throw LabelQueryError(requirement: String(text)) }
        return String(key)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}
