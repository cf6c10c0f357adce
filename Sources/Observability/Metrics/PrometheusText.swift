// SPDX-License-Identifier: Apache-2.0

/// Writes the Prometheus text exposition format, version 0.0.4.
package struct PrometheusText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package init() {}

    package mutating func header(_ name: MetricName) {
        self.text += "# HELP \(name.name) \(Self.escapedHelp(name.help))\n# TYPE \(name.name) \(name.kind.rawValue)\n"
    }

    package mutating func sample(_ name: MetricName, _ labels: [String], _ values: [String], _ value: UInt64) {
        self.line(name.name, "", Self.labels(labels, values), String(value))
    }

    package mutating func sample(_ name: MetricName, _ labels: [String], _ values: [String], _ value: Double) {
        self.line(name.name, "", Self.labels(labels, values), Self.number(value))
    }

    /// Header and one sample.
    package mutating func single(_ name: MetricName, _ value: Double, labels: [(String, String)] = []) {
        self.header(name)
        self.sample(name, labels.map(\.0), labels.map(\.1), value)
    }

    /// All of one metric. Envoy says what kind it is, and no more.
    mutating func stats(_ samples: [StatSample]) {
        guard let name = samples.first?.name else { return }
        self.text += "# TYPE \(name.metric) \(name.kind.rawValue)\n"
        for sample in samples {
            let labels = sample.name.labels
            self.line(name.metric, "", Self.labels(labels.map(\.name), labels.map(\.value)), String(sample.value))
        }
    }

    package mutating func histogram(_ name: MetricName, _ labels: [String], _ values: [String], _ value: HistogramValue) {
        let own = Self.labels(labels, values)
        let before = own.isEmpty ? "" : own + ","
        var cumulative: UInt64 = 0
        for (bound, count) in zip(HistogramBuckets.bounds, value.counts) {
            cumulative &+= count
            self.line(name.name, "_bucket", "\(before)le=\"\(Self.number(bound))\"", String(cumulative))
        }
        self.line(name.name, "_bucket", "\(before)le=\"+Inf\"", String(value.count))
        self.line(name.name, "_sum", own, Self.number(value.sum))
        self.line(name.name, "_count", own, String(value.count))
    }

    private mutating func line(_ name: String, _ suffix: String, _ labels: String, _ value: String) {
        self.text += name
        self.text += suffix
        if !labels.isEmpty { self.text += "{\(labels)}" }
        self.text += " "
        self.text += value
        self.text += "\n"
    }

    private static func labels(_ names: [String], _ values: [String]) -> String {
        zip(names, values).map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    }

    /// Integers without a fraction, as Prometheus' own clients write them.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5c || $0 == 0x22 || $0 == 0x0a }) else { return value }
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func escapedHelp(_ help: String) -> String {
        help.contains { $0 == "\\" || $0 == "\n" } ? Self.escaped(help) : help
    }
}
