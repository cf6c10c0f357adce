// SPDX-License-Identifier: Apache-2.0

/// Columns under headings, as kubectl prints them.
struct TextTable: Sendable {
    var headings: [String]
    var rows: [[String]]

    /// - Parameter widths: At least so wide, so that rows printed later line up with those before.
    func lines(widths minimum: [Int] = [], withHeadings: Bool = true) -> [String] {
        let widths = columnWidths(minimum)
        let all = (withHeadings ? [headings] : []) + rows
        return all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                line += cell
                guard index < row.count - 1, index < widths.count else { continue }
                line += String(repeating: " ", count: max(0, widths[index] - cell.count) + 3)
            }
            return line
        }
    }

    func columnWidths(_ minimum: [Int] = []) -> [Int] {
        headings.indices.map { index in
            let cells = rows.compactMap { index < $0.count ? $0[index].count : nil }
            return max(headings[index].count, cells.max() ?? 0, index < minimum.count ? minimum[index] : 0)
        }
    }
}
