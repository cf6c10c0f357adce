// SPDX-License-Identifier: Apache-2.0

/// A tree as JSON, the same bytes for the same tree.
package enum JSONTreeWriter {
    /// On one line, without a line end.
    package static func compact(_ value: ManifestValue) -> String {
        var text = ""
        write(value, indent: nil, level: 0, topLevel: true, into: &text)
        return text
    }

    /// Four spaces a level, as kubectl prints it.
    package static func pretty(_ value: ManifestValue) -> String {
        var text = ""
        write(value, indent: "    ", level: 0, topLevel: true, into: &text)
        return text
    }

    private static func write(_ value: ManifestValue, indent: String?, level: Int, topLevel: Bool = false, into text: inout String)
    {
        switch value.content {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += number(value)
        case .string(let value): quote(value, into: &text)
        case .array(let values):
            list(values, open: "[", close: "]", indent: indent, level: level, into: &text) { element, text in
                write(element, indent: indent, level: level + 1, into: &text)
            }
        case .object(let members):
            list(KeyOrder.sorted(members, topLevel: topLevel), open: "{", close: "}", indent: indent, level: level, into: &text) {
                member, text in
                quote(member.key, into: &text)
                text += indent == nil ? ":" : ": "
                write(member.value, indent: indent, level: level + 1, into: &text)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], open: String, close: String, indent: String?, level: Int, into text: inout String,
        each: (Element, inout String) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: indent, count: level + 1) }
            each(element, &text)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: indent, count: level) }
        text += close
    }

    /// A whole number keeps no fraction: `100`, as Kubernetes writes it.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// `apiVersion`, `kind`, `metadata`, `spec`, `status` first in a resource; everything else by name.
enum KeyOrder {
    private static let first = ["apiVersion": 0, "kind": 1, "metadata": 2, "spec": 3, "status": 5]

    static func sorted(_ members: [ManifestMember], topLevel: Bool) -> [ManifestMember] {
        members.sorted { left, right in
            let leftRank = topLevel ? first[left.key] ?? 4 : 4
            let rightRank = topLevel ? first[right.key] ?? 4 : 4
            return (leftRank, left.key) < (rightRank, right.key)
        }
    }
}
