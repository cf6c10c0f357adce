// SPDX-License-Identifier: Apache-2.0

/// Durations as Go writes them (`1h30m`, `500ms`, `1.5s`), which is what Istio accepts.
package enum DurationText {
    /// At most 3,660 days, the limit that google.protobuf.Duration is checked against far above; more reads as nil.
    private static let longestSeconds = 316_224_000.0

    package static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        var negative = false
        if rest.first == "-" {
            negative = true
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return nil }
        if rest == "0" { return .zero }
        var seconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            guard !digits.isEmpty, digits.count <= 20, let amount = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let scale = scale(String(unit)) else { return nil }
            seconds += amount * scale
            guard seconds <= longestSeconds else { return nil }
        }
        let nanoseconds = Int64((seconds * 1_000_000_000).rounded())
        return .nanoseconds(negative ? -nanoseconds : nanoseconds)
    }

    private static func scale(_ unit: String) -> Double? {
        switch unit {
        case "h": 3600
        case "m": 60
        case "s": 1
        case "ms": 0.001
        case "us", "µs", "μs": 0.000_001
        case "ns": 0.000_000_001
        default: nil
        }
    }
}
