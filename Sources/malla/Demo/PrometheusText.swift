// SPDX-License-Identifier: Apache-2.0

/// One sample of the Prometheus text format.
package struct PrometheusSample: Sendable, Hashable {
    package var name: String
    package var labels: [String: String]
    package var value: Double

    package init(name: String, labels: [String: String] = [:], value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }
}

/// Reads the Prometheus text format (version 0.0.4). What is not a sample is passed over.
package enum PrometheusText {
    package static func parse(_ text: String, named isWanted: (Substring) -> Bool = { _ in true }) -> [PrometheusSample] {
        text.split(whereSeparator: \.isNewline).compactMap { parse(line: $0, isWanted) }
    }

    private static func parse(line: Substring, _ isWanted: (Substring) -> Bool) -> PrometheusSample? {
        guard line.first != "#", let nameEnd = line.firstIndex(where: { $0 == "{" || $0 == " " }) else { return nil }
        let name = line[..<nameEnd]
        guard isWanted(name) else { return nil }
        var rest = line[nameEnd...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            guard let parsed = parseLabels(rest.dropFirst()) else { return nil }
            labels = parsed.labels
            rest = parsed.rest
        }
        guard let number = rest.split(separator: " ").first, let value = Double(number) else { return nil }
        return PrometheusSample(name: String(name), labels: labels, value: value)
    }

    private static func parseLabels(_ text: Substring) -> (labels: [String: String], rest: Substring)? {
        var labels: [String: String] = [:]
        var rest = text
        while let first = rest.first {
            if first == "}" { return (labels, rest.dropFirst()) }
            if first == "," || first == " " {
                rest = rest.dropFirst()
                continue
            }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"", let value = takeQuoted(&rest) else { return nil }
            labels[name] = value
        }
        return nil
    }

    private static func takeQuoted(_ rest: inout Substring) -> String? {
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            default: value.append(character)
            }
        }
        return nil
    }
}
