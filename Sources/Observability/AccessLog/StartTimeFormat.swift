// SPDX-License-Identifier: Apache-2.0

/// `%START_TIME(…)%`: strftime's conversions, Envoy's `%Nf` (N digits of the second's fraction) and `%s` (seconds since 1970).
/// Always UTC.
struct StartTimeFormat: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case literal(String)
        case year, month, day, hour, minute, second, dayOfYear, monthName, weekdayName, epochSeconds
        /// Digits of the fraction, 1 to 9.
        case fraction(Int)
    }

    var parts: [Part]

    /// `%Y-%m-%dT%H:%M:%S.%3fZ`, Envoy's default.
    static let iso8601 = StartTimeFormat(parts: [
        .year, .literal("-"), .month, .literal("-"), .day, .literal("T"), .hour, .literal(":"), .minute, .literal(":"), .second,
        .literal("."), .fraction(3), .literal("Z"),
    ])

    init(parts: [Part]) { self.parts = parts }

    /// - Parameter position: Of the first byte of `text` in the whole format, for errors.
    init(_ text: Substring, position: Int) throws(AccessLogFormatError) {
        guard !text.isEmpty else {
            self = .iso8601
            return
        }
        var parts: [Part] = []
        var rest = text
        while let next = rest.first {
            rest = rest.dropFirst()
            guard next == "%" else {
                if case .literal(let before)? = parts.last {
                    parts[parts.count - 1] = .literal(before + String(next))
                } else {
                    parts.append(.literal(String(next)))
                }
                continue
            }
            let place = position + text.utf8.count - rest.utf8.count - 1
            guard let letter = rest.first else { throw AccessLogFormatError(position: place, reason: "'%' at the end") }
            rest = rest.dropFirst()
            try parts += Self.conversion(letter, rest: &rest, position: place)
        }
        self.parts = parts
    }

    private static func conversion(
        _ letter: Character, rest: inout Substring, position: Int
    ) throws(AccessLogFormatError) -> [Part] {
        switch letter {
        case "Y": return [.year]
        case "m": return [.month]
        case "d": return [.day]
        case "H": return [.hour]
        case "M": return [.minute]
        case "S": return [.second]
        case "j": return [.dayOfYear]
        case "b", "h": return [.monthName]
        case "a": return [.weekdayName]
        case "s": return [.epochSeconds]
        case "F": return [.year, .literal("-"), .month, .literal("-"), .day]
        case "T": return [.hour, .literal(":"), .minute, .literal(":"), .second]
        case "z": return [.literal("+0000")]
        case "Z": return [.literal("UTC")]
        case "%": return [.literal("%")]
        case "f": return [.fraction(9)]
        case "1"..."9":
            guard rest.first == "f", let digits = letter.wholeNumberValue else { break }
            rest = rest.dropFirst()
            return [.fraction(digits)]
        default: break
        }
        throw AccessLogFormatError(position: position, reason: "unknown time conversion '%\(letter)'")
    }

    func write(_ nanoseconds: Int64, to line: inout LogLine) {
        let seconds = Self.floorDivision(nanoseconds, 1_000_000_000)
        let fraction = nanoseconds - seconds * 1_000_000_000
        let date = CivilDate(secondsSince1970: seconds)
        for part in self.parts { Self.write(part, date, seconds, fraction, to: &line) }
    }

    private static func write(
        _ part: Part, _ date: CivilDate, _ seconds: Int64, _ fraction: Int64, to line: inout LogLine
    ) {
        switch part {
        case .literal(let literal): line.append(literal)
        case .year: line.append(digits: UInt64(date.year.magnitude), atLeast: 4)
        case .month: line.append(digits: UInt64(date.month.magnitude), atLeast: 2)
        case .day: line.append(digits: UInt64(date.day.magnitude), atLeast: 2)
        case .hour: line.append(digits: UInt64(date.hour.magnitude), atLeast: 2)
        case .minute: line.append(digits: UInt64(date.minute.magnitude), atLeast: 2)
        case .second: line.append(digits: UInt64(date.second.magnitude), atLeast: 2)
        case .dayOfYear: line.append(digits: UInt64(date.dayOfYear.magnitude), atLeast: 3)
        case .monthName: line.append(date.monthName)
        case .weekdayName: line.append(date.weekdayName)
        case .epochSeconds: line.append(seconds)
        case .fraction(let digits):
            let start = line.count
            line.append(digits: fraction.magnitude, atLeast: 9)
            line.cut(to: start + min(digits, 9))
        }
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}
