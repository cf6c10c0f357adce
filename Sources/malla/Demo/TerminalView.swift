// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Draws a scene as lines for a terminal.
package struct TerminalView: Sendable, Hashable {
    /// Columns; lines are cut to it.
    package var width: Int
    /// Rows; what the story has to say is shortened to it, from its beginning.
    package var height: Int
    package var hasColours: Bool

    package init(width: Int = 100, height: Int = 50, hasColours: Bool = true) {
        self.width = max(width, 40)
        self.height = max(height, 4)
        self.hasColours = hasColours
        columns = width >= 96 ? .wide : .narrow
    }

    private let columns: TrafficColumns

    private enum Colour: String { case plain = "", bold = "1", dim = "2", red = "31", green = "32", yellow = "33", cyan = "36" }

    private typealias Span = (text: String, colour: Colour)

    package func lines(_ scene: DemoScene) -> [String] {
        let edges = scene.traffic.edges.sorted { $0.key < $1.key }.filter { $0.value.requests + $0.value.received > 0 }
            .map { edge($0.key, $0.value, interval: scene.interval) }
        let keys = scene.steps.isEmpty ? "" : "1–\(scene.steps.count) step   n next   "
        let head = [line([(" " + scene.heading, .bold)])]
        let traffic = [line([(columns.heading, .dim)])] + edges
        let foot = [line([(" \(keys)q quit", .dim)])]
        let story = scene.steps.enumerated().map { self.story($0 + 1, $1) }
        let heading = [line([(" STORY", .dim)])]

        // Three blank lines go first when rows are few, then what goes on under the first line of a step.
        let fixed = head.count + traffic.count + heading.count + foot.count
        let blank = fixed + 3 + story.joined().count <= height ? [""] : []
        let told = shortened(story, to: max(height - fixed - 3 * blank.count, 0))
        return Array((head + blank + traffic + blank + heading + told + blank).prefix(height - foot.count)) + foot
    }

    /// The whole screen drawn anew, without a flicker: home, each line cleared to its end, the rest cleared. Nothing follows the
    /// last line, or a full screen would scroll.
    package func frame(_ scene: DemoScene) -> String {
        "\u{1b}[H" + lines(scene).map { $0 + "\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J"
    }

    /// The steps' lines, with the first steps cut to a line each until all fit into `room`.
    private func shortened(_ story: [[String]], to room: Int) -> [String] {
        var story = story
        for index in story.indices where story.joined().count > room { story[index] = Array(story[index].prefix(1)) }
        return Array(story.joined())
    }

    private func edge(_ edge: MeshEdge, _ counters: EdgeCounters, interval: Double) -> String {
        let requests = counters.requests
        let rate = interval > 0 ? requests / interval : 0
        let success = requests > 0 ? 100 * counters.successes / requests : nil
        let secured: (String, Colour) =
            if counters.received == 0 {
                ("–", .dim)
            } else if counters.received == counters.receivedOverMutualTLS {
                ("yes", .green)
            } else {
                ("NO", .red)
            }
        let versions = counters.versions.sorted { $0.key < $1.key }
            .map { "\($0.key) \(format(requests > 0 ? 100 * $0.value / requests : 0, 0))\(columns.versionUnit)" }
            .joined(separator: columns.versionSeparator)
        let widths = columns.widths
        return line([
            (" " + pad("\(edge.source) → \(edge.destination)", columns.edge), .plain),
            (left(format(rate, rate < 1000 ? 1 : 0), widths[0]), .cyan),
            (left(success.map { format($0, 1) + " %" } ?? "–", widths[1]), (success ?? 100) < 99.9 ? .red : .green),
            (left(milliseconds(counters.latency.quantile(0.5)), widths[2]), .plain),
            (left(milliseconds(counters.latency.quantile(0.99)), widths[3]), .plain),
            (left(secured.0, widths[4]), secured.1),
            ("  " + versions + (counters.grpcResponses.isEmpty ? "" : columns.versionSeparator + "gRPC"), .plain),
        ])
    }

    private func story(_ number: Int, _ step: DemoScene.Step) -> [String] {
        let title = " \(number) " + pad(step.title, columns.storyTitle)
        switch step.progress {
        case .waiting: return [line([(title, .plain)])]
        case .running: return [line([(title, .plain), ("… running", .yellow)])]
        case .failed(let reason): return [line([(title, .plain), ("✗ " + reason, .red)])]
        case .done(let claims):
            // Long claims go on in the next line, under their beginning.
            return claims.enumerated().flatMap { index, claim in
                self.wrapped(claim.text, at: width - title.count - 2).enumerated().map { part, text in
                    line([
                        (index == 0 && part == 0 ? title : pad("", title.count), .plain),
                        ((part > 0 ? "  " : claim.held ? "✓ " : "✗ ") + text, claim.held ? .green : .red),
                    ])
                }
            }
        }
    }

    /// At blanks, in lines of at most `room` columns where words allow.
    private func wrapped(_ text: String, at room: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= room {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// The spans with their colours, cut to the width before colours are put in.
    private func line(_ spans: [Span]) -> String {
        var room = width
        var result = ""
        for span in spans where room > 0 {
            let text = String(span.text.prefix(room))
            room -= text.count
            result += hasColours && span.colour != .plain ? "\u{1b}[\(span.colour.rawValue)m\(text)\u{1b}[0m" : text
        }
        return result
    }

    private func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
    private func left(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 1)) + text }
    private func format(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    private func milliseconds(_ value: Double?) -> String { value.map { format($0, $0 < 10 ? 1 : 0) + " ms" } ?? "–" }
}
