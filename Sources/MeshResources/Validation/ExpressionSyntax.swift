// SPDX-License-Identifier: Apache-2.0

/// Whether a text has the shape of a CEL expression: operands and operators take turns, brackets and quotes close.
/// What it names, and its types, are not looked at.
package enum ExpressionSyntax {
    private static let operators = ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "?", ":", ".", ","]

    /// Nil when fine, else what is wrong with it.
    package static func problem(_ text: String) -> String? {
        var rest = Array(text.utf8)[...]
        var open: [UInt8] = []
        var wantsOperand = true
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                rest = rest.dropFirst()
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard wantsOperand else { return "not an expression: an operator is missing before a string" }
                guard let end = closing(of: byte, in: rest) else { return "not an expression: a quote is not closed" }
                rest = rest[(end + 1)...]
                wantsOperand = false
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                if byte == UInt8(ascii: "{"), !wantsOperand { return "not an expression: `{` after an operand" }
                open.append(byte == UInt8(ascii: "(") ? UInt8(ascii: ")") : byte + 2)
                rest = rest.dropFirst()
                wantsOperand = true
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard open.popLast() == byte else { return "not an expression: a bracket closes that was not opened" }
                rest = rest.dropFirst()
                wantsOperand = false
            case UInt8(ascii: "!") where wantsOperand, UInt8(ascii: "-") where wantsOperand:
                rest = rest.dropFirst()
            default:
                if isWord(byte) {
                    let word = rest.prefix(while: isWord)
                    rest = rest.dropFirst(word.count)
                    let isOperator = !wantsOperand && word.elementsEqual("in".utf8)
                    guard wantsOperand || isOperator else { return "not an expression: an operator is missing" }
                    wantsOperand = isOperator
                } else if let found = operators.first(where: { rest.starts(with: $0.utf8) }) {
                    guard !wantsOperand else { return "not an expression: an operand is missing before `\(found)`" }
                    rest = rest.dropFirst(found.utf8.count)
                    wantsOperand = true
                } else {
                    return "not an expression: `\(Character(UnicodeScalar(byte)))` does not belong there"
                }
            }
        }
        if !open.isEmpty { return "not an expression: a bracket is not closed" }
        return wantsOperand ? "not an expression: it ends before its operand" : nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
    }

    private static func closing(of quote: UInt8, in text: ArraySlice<UInt8>) -> Int? {
        var index = text.startIndex + 1
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "\\") { index += 2; continue }
            if text[index] == quote { return index }
            index += 1
        }
        return nil
    }
}
