// SPDX-License-Identifier: Apache-2.0

/// The date of the second in which lines were last written, worked out once for all of them.
struct LogDates: Sendable {
    private var second = Int64.min
    private var date = CivilDate(secondsSince1970: 0)
    /// `2023-11-14T22:13:20.` as it lies in memory.
    private var first: UInt64 = 0
    private var middle: UInt64 = 0
    private var last: UInt32 = 0

    mutating func date(at second: Int64) -> CivilDate {
        if self.second != second { self.change(to: second) }
        return self.date
    }

    @inline(__always)
    mutating func text(at second: Int64) -> (UInt64, UInt64, UInt32) {
        if self.second != second { self.change(to: second) }
        return (self.first, self.middle, self.last)
    }

    private mutating func change(to second: Int64) {
        let date = CivilDate(secondsSince1970: second)
        self.second = second
        self.date = date
        let year = date.year
        self.first = Self.word(
            Self.digit(year / 1000), Self.digit(year / 100), Self.digit(year / 10), Self.digit(year), 0x2D,
            Self.digit(date.month / 10), Self.digit(date.month), 0x2D)
        self.middle = Self.word(
            Self.digit(date.day / 10), Self.digit(date.day), 0x54, Self.digit(date.hour / 10), Self.digit(date.hour), 0x3A,
            Self.digit(date.minute / 10), Self.digit(date.minute))
        let end = Self.word(0x3A, Self.digit(date.second / 10), Self.digit(date.second), 0x2E, 0, 0, 0, 0)
        self.last = withUnsafeBytes(of: end) { $0.loadUnaligned(as: UInt32.self) }
    }

    private static func digit(_ number: Int) -> UInt8 { 0x30 + UInt8(number.magnitude % 10) }

    /// The bytes as they lie in memory, one behind the other.
    private static func word(
        _ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8, _ g: UInt8, _ h: UInt8
    ) -> UInt64 {
        withUnsafeBytes(of: (a, b, c, d, e, f, g, h)) { $0.loadUnaligned(as: UInt64.self) }
    }
}
