// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Colour for people; never in a pipe or a file, nor where NO_COLOR or a dumb terminal says so.
struct TerminalStyle: Sendable {
    var isColoured: Bool

    init(isColoured: Bool) { self.isColoured = isColoured }

    init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        isColoured = !refused && isatty(descriptor) == 1
    }

    /// `file:3: error: …` with the first word that says how bad it is in its colour.
    func finding(_ line: String) -> String {
        guard isColoured else { return line }
        let words = [("error:", 31), ("warning:", 33)].compactMap { word, colour in
            line.firstRange(of: word).map { (range: $0, colour: colour) }
        }
        guard let first = words.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else { return line }
        return line.replacingCharacters(in: first.range, with: "\u{1b}[1;\(first.colour)m\(line[first.range])\u{1b}[0m")
    }
}
