// SPDX-License-Identifier: Apache-2.0

/// `%START_TIME(…)%`: strftime's conversions, Envoy's `%Nf` (N digits of the second's fraction) and `%s` (seconds since 1970).
/// Always UTC.
struct StartTimeFormat: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        /// A range of `literals`.
        case literal(start: Int, end: Int)
        case year, month, day, hour, minute, second, dayOfYear, monthName, weekdayName, epochSeconds
        /// Digits of the fraction, 1 to 9.
        case fraction(Int)
    }

    private var parts: [Part] = []
    /// All literals, one behind the other.
    private var literals: [UInt8] = []
    private var isISO8601 = false

    /// Envoy's default.
    private static let iso8601 = "%Y-%m-%dT%H:%M:%S.%3fZ"

    /// - Parameter position: Of the first byte of `text` in the whole format, for errors.
    init(_ text: Substring, position: Int) throws(AccessLogFormatError) {
        var rest = text.isEmpty ? Self.iso8601[...] : text
        self.isISO8601 = rest == Self.iso8601
        while let next = rest.first {
            rest = rest.dropFirst()
            guard next == "%" else {
                self.append(literal: String(next))
                continue
            }
            let place = position + text.utf8.count - rest.utf8.count - 1
            guard let letter = rest.first else { throw AccessLogFormatError(position: place, reason: "'%' at the end") }
            rest = rest.dropFirst()
            try self.append(letter, rest: &rest, position: place)
        }
    }

    private mutating func append(literal: String) {
        let start = self.literals.count
        self.literals += literal.utf8
        if case .literal(let before, _)? = self.parts.last {
            self.parts[self.parts.count - 1] = .literal(start: before, end: self.literals.count)
        } else {
            self.parts.append(.literal(start: start, end: self.literals.count))
        }
    }

    private mutating func append(_ letter: Character, rest: inout Substring, position: Int) throws(AccessLogFormatError) {
        switch letter {
        case "Y": self.parts.append(.year)
        case "m": self.parts.append(.month)
        case "d": self.parts.append(.day)
        case "H": self.parts.append(.hour)
        case "M": self.parts.append(.minute)
        case "S": self.parts.append(.second)
        case "j": self.parts.append(.dayOfYear)
        case "b", "h": self.parts.append(.monthName)
        case "a": self.parts.append(.weekdayName)
        case "s": self.parts.append(.epochSeconds)
        case "z": self.append(literal: "+0000")
        case "Z": self.append(literal: "UTC")
        case "%": self.append(literal: "%")
        case "f": self.parts.append(.fraction(9))
        case "F", "T":
            let (first, second, third): (Part, Part, Part) = letter == "F" ? (.year, .month, .day) : (.hour, .minute, .second)
            self.parts.append(first)
            self.append(literal: letter == "F" ? "-" : ":")
            self.parts.append(second)
            self.append(literal: letter == "F" ? "-" : ":")
            self.parts.append(third)
        case "1"..."9":
            guard rest.first == "f", let digits = letter.wholeNumberValue else { fallthrough }
            rest = rest.dropFirst()
            self.parts.append(.fraction(digits))
        default: throw AccessLogFormatError(position: position, reason: "unknown time conversion '%\(letter)'")
        }
    }

    func write(_ nanoseconds: Int64, to line: inout LogLine) {
        let seconds = Self.floorDivision(nanoseconds, 1_000_000_000)
        let fraction = nanoseconds - seconds * 1_000_000_000
        if self.isISO8601 { return line.appendDate(second: seconds, milliseconds: fraction.magnitude / 1_000_000) }
        let date = line.dates.date(at: seconds)
        for part in self.parts {
            switch part {
            case .literal(let start, let end):
                self.literals.withUnsafeBytes { line.append(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            case .year: line.append(digits: UInt64(date.year.magnitude), atLeast: 4)
            case .month: line.append(twoDigits: date.month)
            case .day: line.append(twoDigits: date.day)
            case .hour: line.append(twoDigits: date.hour)
            case .minute: line.append(twoDigits: date.minute)
            case .second: line.append(twoDigits: date.second)
            case .dayOfYear: line.append(digits: UInt64(date.dayOfYear.magnitude), atLeast: 3)
            case .monthName: line.append(text: date.monthName)
            case .weekdayName: line.append(text: date.weekdayName)
            case .epochSeconds: line.append(seconds)
            case .fraction(let digits): line.append(digits: fraction.magnitude / Self.powers[9 - digits], atLeast: digits)
            }
        }
    }

    private static let powers: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}
