// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// JSON (RFC 8259) into a tree, for bodies of API requests and for what a store holds. Members keep their order; a name that
/// comes twice is an error, since readers differ on which of the two counts.
package struct JSONTreeReader {
    private let bytes: [UInt8]
    private let limits: ManifestLimits
    private var index = 0

    private init(bytes: [UInt8], limits: ManifestLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    package static func read(_ data: Data, limits: ManifestLimits = .standard) throws -> ManifestValue {
        guard data.count <= limits.inputBytes else {
            throw ManifestError(.tooLarge, "\(data.count) bytes; at most \(limits.inputBytes) are taken")
        }
        var reader = JSONTreeReader(bytes: Array(data), limits: limits)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == reader.bytes.count else { throw reader.failure("more after the end of the value") }
        return value
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 32 || byte == 10 || byte == 13 || byte == 9 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        index += 1
        return true
    }

    private func failure(_ message: String) -> ManifestError {
        let before = bytes.prefix(index)
        let line = before.count { $0 == 10 } + 1
        let column = index - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
        return ManifestError(.syntax, "not JSON: \(message)", at: SourcePosition(line: line, column: column))
    }

    private mutating func value(depth: Int) throws -> ManifestValue {
        guard depth < limits.depth else { throw ManifestError(.tooDeep, "nested deeper than \(limits.depth) levels") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return ManifestValue(.string(try string()))
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(48...57), UInt8(ascii: "-"): return try number()
        case nil: throw failure("it ends before its value")
        default: throw failure("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString, _ content: ManifestValue.Content) throws -> ManifestValue {
        let expected = word.withUTF8Buffer { Array($0) }
        guard bytes[index...].starts(with: expected) else { throw failure("neither true, false nor null") }
        index += expected.count
        return ManifestValue(content)
    }

    private mutating func object(depth: Int) throws -> ManifestValue {
        index += 1
        var members: [ManifestMember] = []
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return ManifestValue(.object([])) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("a member begins with its name in quotes") }
            let name = try string()
            guard names.insert(name).inserted else {
                throw ManifestError(.duplicateKey, "`\(name.prefix(100))` is given twice in the same object")
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("`:` is missing after a name") }
            members.append(ManifestMember(name, try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return ManifestValue(.object(members)) }
            guard take(UInt8(ascii: ",")) else { throw failure("`,` or `}` is missing") }
        }
    }

    private mutating func array(depth: Int) throws -> ManifestValue {
        index += 1
        var elements: [ManifestValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return ManifestValue(.array([])) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return ManifestValue(.array(elements)) }
            guard take(UInt8(ascii: ",")) else { throw failure("`,` or `]` is missing") }
        }
    }

    private mutating func number() throws -> ManifestValue {
        let start = index
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        let first = current
        let digits = skipDigits()
        guard digits > 0, digits == 1 || first != UInt8(ascii: "0") else { throw failure("not a number") }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard skipDigits() > 0 else { throw failure("not a number") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw failure("not a number") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return ManifestValue(.integer(integer)) }
        guard let number = Double(text), number.isFinite else { throw failure("a number out of range") }
        return ManifestValue(.number(number))
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte = current, (48...57).contains(byte) { index += 1 }
        return index - start
    }

    /// At an opening quote.
    private mutating func string() throws -> String {
        index += 1
        var content: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let text = String(validating: content, as: UTF8.self) else { throw failure("a string that is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                index += 1
                content.append(contentsOf: try escape())
            case 0..<32: throw failure("a control character in a string")
            default:
                content.append(byte)
                index += 1
            }
        }
        throw failure("a string does not end")
    }

    /// After a backslash.
    private mutating func escape() throws -> [UInt8] {
        guard let byte = current else { throw failure("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(String(Character(try unicodeEscape())).utf8)
        default: throw failure("an escape that JSON does not know")
        }
    }

    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        var code = try hexQuad()
        if (0xD800..<0xDC00).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("half of a surrogate pair") }
            let low = try hexQuad()
            guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexQuad() throws -> UInt32 {
        guard bytes.count - index >= 4 else { throw failure("a string does not end") }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are missing")
            }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}
