// SPDX-License-Identifier: Apache-2.0

/// Whether Envoy's expression engine (RE2) takes an expression. One that it does not take would cost the whole route table.
enum ExpressionSyntax {
    /// What other engines have and RE2 has not: look-around, atomic groups, possessive quantifiers, back references.
    private static let foreign = ["(?=", "(?!", "(?<=", "(?<!", "(?>", "*+", "++", "?+", "\\k<", "\\Z", "\\G"]

    static func isAccepted(_ expression: String) -> Bool {
        guard !expression.isEmpty, !foreign.contains(where: expression.contains) else { return false }
        var escaped = false
        for character in expression {
            if escaped {
                if ("1"..."9").contains(character) { return false }
                escaped = false
            } else {
                escaped = character == "\\"
            }
        }
        return (try? Regex(expression)) != nil
    }
}
