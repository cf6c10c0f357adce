// SPDX-License-Identifier: Apache-2.0

/// A tree as YAML in the shape that `kubectl get -o yaml` prints.
package enum YAMLTreeWriter {
    package static func text(_ value: ManifestValue) -> String {
        var text = ""
        switch value.content {
        case .object(let members) where !members.isEmpty:
            object(members, indent: 0, firstInline: false, topLevel: true, into: &text)
        case .array(let values) where !values.isEmpty: array(values, indent: 0, into: &text)
        default: text += scalar(value) + "\n"
        }
        return text
    }

    private static func object(
        _ members: [ManifestMember], indent: Int, firstInline: Bool, topLevel: Bool = false, into text: inout String
    ) {
        for (index, member) in KeyOrder.sorted(members, topLevel: topLevel).enumerated() {
            if index > 0 || !firstInline { text += String(repeating: " ", count: indent) }
            text += plain(member.key) + ":"
            nested(member.value, indent: indent, into: &text)
        }
    }

    private static func nested(_ value: ManifestValue, indent: Int, into text: inout String) {
        switch value.content {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            object(members, indent: indent + 2, firstInline: false, into: &text)
        case .array(let values) where !values.isEmpty:
            text += "\n"
            array(values, indent: indent, into: &text)
        default: text += " " + scalar(value) + "\n"
        }
    }

    private static func array(_ values: [ManifestValue], indent: Int, into text: inout String) {
        for value in values {
            text += String(repeating: " ", count: indent) + "-"
            switch value.content {
            case .object(let members) where !members.isEmpty:
                text += " "
                object(members, indent: indent + 2, firstInline: true, into: &text)
            case .array(let inner) where !inner.isEmpty:
                text += "\n"
                array(inner, indent: indent + 2, into: &text)
            default: text += " " + scalar(value) + "\n"
            }
        }
    }

    private static func scalar(_ value: ManifestValue) -> String {
        switch value.content {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): JSONTreeWriter.number(value)
        case .string(let value): plain(value)
        case .array: "[]"
        case .object: "{}"
        }
    }

    /// Without quotes where every YAML reader takes it for the same string.
    private static func plain(_ text: String) -> String {
        let safe = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 47, 95].contains(byte)
        }
        let startsSafe = text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) || $0 == 47 } ?? false
        let words: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        if safe, startsSafe, !words.contains(text.lowercased()) { return text }
        var quoted = ""
        JSONTreeWriter.quote(text, into: &quoted)
        return quoted
    }
}
