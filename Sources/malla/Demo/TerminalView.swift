// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Draws a scene as lines for a terminal.
package struct TerminalView: Sendable, Hashable {
    /// Columns; lines are cut to it.
    package var width: Int
    package var hasColours: Bool

    package init(width: Int = 100, hasColours: Bool = true) {
        self.width = max(width, 40)
        self.hasColours = hasColours
    }

    private enum Colour: String { case plain = "", bold = "1", dim = "2", red = "31", green = "32", yellow = "33", cyan = "36" }

    private typealias Span = (text: String, colour: Colour)

    package func lines(_ scene: DemoScene) -> [String] {
        var lines = [line([(" " + scene.heading, .bold)]), ""]
        lines.append(line([(columns("FROM → TO", "REQ/S", "SUCCESS", "P50", "P99", "mTLS") + "  VERSIONS", .dim)]))
        for (edge, counters) in scene.traffic.edges.sorted(by: { $0.key < $1.key }) where counters.requests + counters.received > 0
        {
            lines.append(self.edge(edge, counters, interval: scene.interval))
        }
        lines += ["", line([(" STORY", .dim)])]
        for (index, step) in scene.steps.enumerated() { lines += story(index + 1, step) }
        let keys = scene.steps.isEmpty ? "" : "1–\(scene.steps.count) step   n next   "
        lines += ["", line([(" \(keys)q quit", .dim)])]
        return lines
    }

    /// The whole screen drawn anew, without a flicker: home, each line cleared to its end, the rest cleared.
    package func frame(_ scene: DemoScene) -> String {
        "\u{1b}[H" + lines(scene).map { $0 + "\u{1b}[K\r\n" }.joined() + "\u{1b}[J"
    }

    private func edge(_ edge: MeshEdge, _ counters: EdgeCounters, interval: Double) -> String {
        let requests = counters.requests
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
            .map { "\($0.key) \(format(requests > 0 ? 100 * $0.value / requests : 0, 0)) %" }.joined(separator: "  ")
        return line([
            (" " + pad("\(edge.source) → \(edge.destination)", 34), .plain),
            (left(format(interval > 0 ? requests / interval : 0, 1), 8), .cyan),
            (left(success.map { format($0, 1) + " %" } ?? "–", 10), (success ?? 100) < 99.9 ? .red : .green),
            (left(milliseconds(counters.latency.quantile(0.5)), 10), .plain),
            (left(milliseconds(counters.latency.quantile(0.99)), 10), .plain),
            (left(secured.0, 6), secured.1),
            ("  " + versions, .plain),
        ])
    }

    private func story(_ number: Int, _ step: DemoScene.Step) -> [String] {
        let title = " \(number) " + pad(step.title, 24)
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

    private func columns(_ edge: String, _ rest: String...) -> String {
        " " + pad(edge, 34) + zip(rest, [8, 10, 10, 10, 6]).map { left($0, $1) }.joined()
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
