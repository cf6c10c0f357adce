// SPDX-License-Identifier: Apache-2.0

/// Parses the syntax of RE2, on bytes: what matches a character outside ASCII matches its UTF-8 bytes one by one.
struct RegexParser {
    private static let deepestNesting = 64
    private static let mostRepetitions = 1000

    private let pattern: [UInt8]
    private var position = 0
    private var ignoresCase = false
    private var dotMatchesLineEnd = false
    private var depth = 0
    private(set) var groups = 0

    init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    mutating func parse() throws -> RegexNode {
        let node = try alternatives()
        guard position == pattern.count else { throw error("an unmatched `)`") }
        return node
    }

    private func error(_ message: String) -> RegexError { RegexError(message: message, offset: position) }

    private var next: UInt8? { position < pattern.count ? pattern[position] : nil }

    private func peek(_ text: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return pattern.count - position >= bytes.count && pattern[position..<(position + bytes.count)].elementsEqual(bytes)
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard let ascii = byte.asciiValue, next == ascii else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw error("nested deeper than \(Self.deepestNesting)") }
        let outerIgnoresCase = ignoresCase
        let outerDot = dotMatchesLineEnd
        defer {
            ignoresCase = outerIgnoresCase
            dotMatchesLineEnd = outerDot
        }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws -> RegexNode {
        var parts: [RegexNode] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let atom = try atom()
            parts.append(try quantified(atom))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func quantified(_ atom: RegexNode) throws -> RegexNode {
        var node = atom
        var count = 0
        while let byte = next {
            let bounds: (Int, Int?)
            switch byte {
            case UInt8(ascii: "*"): bounds = (0, nil)
            case UInt8(ascii: "+"): bounds = (1, nil)
            case UInt8(ascii: "?"): bounds = (0, 1)
            case UInt8(ascii: "{"):
                guard let range = try braces() else { return node }
                bounds = range
                position -= 1
            default: return node
            }
            position += 1
            count += 1
            guard count == 1 else { throw error("a repetition of a repetition") }
            let lazy = take("?")
            node = .repetition(node, minimum: bounds.0, maximum: bounds.1, greedy: !lazy)
        }
        return node
    }

    /// `{n}`, `{n,}`, `{n,m}`; nil when the brace is an ordinary character. Leaves `position` after the `}`.
    private mutating func braces() throws -> (Int, Int?)? {
        let start = position
        position += 1
        guard let low = number() else {
            position = start
            return nil
        }
        var high: Int? = low
        if take(",") { high = number() }
        guard take("}") else {
            position = start
            return nil
        }
        guard low <= Self.mostRepetitions, high ?? 0 <= Self.mostRepetitions else {
            throw error("more than \(Self.mostRepetitions) repetitions")
        }
        if let high, high < low { throw error("a repetition whose end is below its start") }
        return (low, high)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = next, (48...57).contains(byte), (value ?? 0) < 100_000 {
            value = (value ?? 0) * 10 + Int(byte - 48)
            position += 1
        }
        return value
    }

    private mutating func atom() throws -> RegexNode {
        guard let byte = next else { return .empty }
        switch byte {
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return .bytes(try characterClass())
        case UInt8(ascii: "."):
            position += 1
            return .bytes(dotMatchesLineEnd ? ByteSet().inverted : .anyButLineEnd)
        case UInt8(ascii: "^"):
            position += 1
            return .begin
        case UInt8(ascii: "$"):
            position += 1
            return .end
        case UInt8(ascii: "\\"): return try escape()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): throw error("a repetition of nothing")
        case UInt8(ascii: "{"):
            let start = position
            if try braces() != nil { throw error("a repetition of nothing") }
            position = start + 1
            return literal(byte)
        default:
            position += 1
            return literal(byte)
        }
    }

    private func literal(_ byte: UInt8) -> RegexNode {
        var set = ByteSet()
        set.insert(byte)
        return .bytes(ignoresCase ? set.ignoringCase : set)
    }

    private mutating func group() throws -> RegexNode {
        position += 1
        var index: Int?
        if take("?") {
            if peek("P<") || (peek("<") && !peek("<=") && !peek("<!")) {
                guard let close = pattern[position...].firstIndex(of: UInt8(ascii: ">")) else {
                    throw error("a group's name without `>`")
                }
                position = close + 1
                groups += 1
                index = groups
            } else if peek("=") || peek("!") || peek("<=") || peek("<!") {
                throw error("look-around, which RE2 does not know,")
            } else if try flags() {
                return .empty
            }
        } else {
            groups += 1
            index = groups
        }
        let outerIgnoresCase = ignoresCase
        let outerDot = dotMatchesLineEnd
        let inner = try alternatives()
        if pendingFlags != nil {
            ignoresCase = pendingFlags?.0 ?? outerIgnoresCase
            dotMatchesLineEnd = pendingFlags?.1 ?? outerDot
            pendingFlags = nil
        }
        guard take(")") else { throw error("a `(` without `)`") }
        return .group(inner, index: index)
    }

    /// What the flags were before a group `(?i:…)`.
    private var pendingFlags: (Bool, Bool)?

    /// `(?i)` changes the rest of the enclosing group (true is returned); `(?i:…)` its own.
    private mutating func flags() throws -> Bool {
        var turnsOn = true
        let before = (ignoresCase, dotMatchesLineEnd)
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "i"): ignoresCase = turnsOn
            case UInt8(ascii: "s"): dotMatchesLineEnd = turnsOn
            case UInt8(ascii: "-"): turnsOn = false
            case UInt8(ascii: ":"):
                if before != (ignoresCase, dotMatchesLineEnd) { pendingFlags = before }
                return false
            case UInt8(ascii: ")"): return true
            default:
                position -= 1
                throw error("a flag that is not supported")
            }
        }
        throw error("a `(` without `)`")
    }

    private mutating func escape() throws -> RegexNode {
        position += 1
        guard let byte = next else { throw error("a backslash at the end") }
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            position += 1
            return .wordBoundary(byte == UInt8(ascii: "b"))
        case UInt8(ascii: "A"):
            position += 1
            return .begin
        case UInt8(ascii: "z"):
            position += 1
            return .end
        default:
            let set = try escapedSet()
            return .bytes(ignoresCase ? set.ignoringCase : set)
        }
    }

    /// After a backslash: a class or a character.
    private mutating func escapedSet() throws -> ByteSet {
        guard let byte = next else { throw error("a backslash at the end") }
        position += 1
        switch byte {
        case UInt8(ascii: "d"): return .digit
        case UInt8(ascii: "D"): return ByteSet.digit.inverted
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "W"): return ByteSet.word.inverted
        case UInt8(ascii: "s"): return .space
        case UInt8(ascii: "S"): return ByteSet.space.inverted
        case UInt8(ascii: "t"): return .of([9...9])
        case UInt8(ascii: "n"): return .of([10...10])
        case UInt8(ascii: "v"): return .of([11...11])
        case UInt8(ascii: "f"): return .of([12...12])
        case UInt8(ascii: "r"): return .of([13...13])
        case UInt8(ascii: "x"):
            let digits = pattern[position...].prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                throw error("`\\x` needs two hexadecimal digits")
            }
            position += 2
            return .of([value...value])
        case 48...57: throw error("a back-reference, which RE2 does not know,")
        case 65...90, 97...122: throw error("an escape that is not supported")
        default: return .of([byte...byte])
        }
    }

    private mutating func characterClass() throws -> ByteSet {
        position += 1
        let negated = take("^")
        var set = ByteSet()
        var isFirst = true
        while let byte = next {
            if byte == UInt8(ascii: "]"), !isFirst {
                position += 1
                if ignoresCase { set = set.ignoringCase }
                return negated ? set.inverted : set
            }
            isFirst = false
            if peek("[:") {
                set.formUnion(try namedClass())
                continue
            }
            position += 1
            var single: UInt8? = byte
            if byte == UInt8(ascii: "\\") {
                let escaped = try escapedSet()
                set.formUnion(escaped)
                single = (0...255).filter { escaped.contains($0) }.count == 1 ? (0...255).first { escaped.contains($0) } : nil
            } else {
                set.insert(byte)
            }
            guard let low = single, next == UInt8(ascii: "-"), position + 1 < pattern.count,
                pattern[position + 1] != UInt8(ascii: "]")
            else { continue }
            position += 1
            guard var high = next else { throw error("a `[` without `]`") }
            position += 1
            if high == UInt8(ascii: "\\") {
                let escaped = try escapedSet()
                guard let only = (UInt8(0)...255).first(where: { escaped.contains($0) }) else { throw error("an empty range") }
                high = only
            }
            guard low <= high else { throw error("a range whose end is below its start") }
            set.insert(low...high)
        }
        throw error("a `[` without `]`")
    }

    private mutating func namedClass() throws -> ByteSet {
        let names: [(StaticString, [ClosedRange<UInt8>])] = [
            ("[:alnum:]", [48...57, 65...90, 97...122]), ("[:alpha:]", [65...90, 97...122]), ("[:digit:]", [48...57]),
            ("[:lower:]", [97...122]), ("[:upper:]", [65...90]), ("[:space:]", [9...13, 32...32]),
            ("[:word:]", [48...57, 65...90, 97...122, 95...95]), ("[:xdigit:]", [48...57, 65...70, 97...102]),
            ("[:punct:]", [33...47, 58...64, 91...96, 123...126]),
        ]
        for (name, ranges) in names where peek(name) {
            position += name.utf8CodeUnitCount
            return .of(ranges)
        }
        throw error("a class name that is not known")
    }
}
