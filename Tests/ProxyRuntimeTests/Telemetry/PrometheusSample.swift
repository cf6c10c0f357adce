// SPDX-License-Identifier: Apache-2.0

/// A line of Prometheus' text format.
struct PrometheusSample: Hashable {
    var name: String
    var labels: [String: String]
    var value: Double

    static func all(in text: String) -> [PrometheusSample] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { Self($0) }
    }

    private init?(_ line: Substring) {
        guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { return nil }
        let series = line[..<space]
        self.value = value
        self.labels = [:]
        guard let brace = series.firstIndex(of: "{"), series.last == "}" else {
            self.name = String(series)
            return
        }
        self.name = String(series[..<brace])
        for pair in series[series.index(after: brace)...].dropLast().split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { return nil }
            self.labels[String(sides[0])] = String(sides[1].dropFirst().dropLast())
        }
    }
}
