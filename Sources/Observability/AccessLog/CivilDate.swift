// SPDX-License-Identifier: Apache-2.0

/// A moment in UTC by the Gregorian calendar, without a calendar library: log lines are written on event loops.
package struct CivilDate: Sendable, Hashable {
    package let year, month, day, hour, minute, second: Int
    /// From 1.
    package let dayOfYear: Int
    /// 0 is Sunday.
    package let weekday: Int

    package init(secondsSince1970: Int64) {
        // A bound that no clock reaches keeps the arithmetic exact for any input.
        let limited = min(max(secondsSince1970, -62_135_596_800), 253_402_300_799)
        let days = Int(limited >= 0 ? limited / 86_400 : (limited - 86_399) / 86_400)
        let rest = Int(limited) - days * 86_400
        self.hour = rest / 3600
        self.minute = rest / 60 % 60
        self.second = rest % 60
        self.weekday = ((days + 4) % 7 + 7) % 7
        // Days to date by eras of 400 years that begin on 1 March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfMarchYear + 2) / 153
        self.day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1
        self.month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let civilYear = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
        self.year = civilYear
        let leap = civilYear % 4 == 0 && (civilYear % 100 != 0 || civilYear % 400 == 0)
        self.dayOfYear = self.month <= 2 ? dayOfMarchYear - 305 : dayOfMarchYear + 60 + (leap ? 1 : 0)
    }

    package var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][self.month - 1]
    }

    package var weekdayName: String { ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][self.weekday] }
}
