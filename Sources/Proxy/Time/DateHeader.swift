// SPDX-License-Identifier: Apache-2.0
import Observability

/// The value of `date` (RFC 9110, 5.6.7), worked out once a second.
struct DateHeader {
    private var second = Int64.min
    private var current = ""

    /// - Parameter nanoseconds: Since 1970.
    mutating func text(at nanoseconds: Int64) -> String {
        let second = nanoseconds / 1_000_000_000
        guard second != self.second else { return self.current }
        self.second = second
        let date = CivilDate(secondsSince1970: second)
        self.current =
            "\(date.weekdayName), \(Self.digits(date.day)) \(date.monthName) \(Self.digits(date.year, 4)) "
            + "\(Self.digits(date.hour)):\(Self.digits(date.minute)):\(Self.digits(date.second)) GMT"
        return self.current
    }

    private static func digits(_ number: Int, _ count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
