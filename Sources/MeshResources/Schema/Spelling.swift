// SPDX-License-Identifier: Apache-2.0

/// Guesses which name was meant.
package enum Spelling {
    /// The candidate that differs least, when that is little enough to be a slip; snake_case finds its camelCase.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let plain = normalised(name)
        if let same = candidates.first(where: { normalised($0) == plain }) { return same }
        let limit = name.utf8.count <= 4 ? 1 : 2
        return candidates.map { ($0, distance(Array(plain.utf8), Array(normalised($0).utf8))) }
            .filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    private static func normalised(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" } }

    /// Levenshtein.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let next = min(row[j + 1] + 1, row[j] + 1, previous + (a == b ? 0 : 1))
                previous = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}
