// SPDX-License-Identifier: Apache-2.0

/// Istio's rule for durations: whole milliseconds, one at least.
enum DurationValidation {
    static func check(_ duration: Duration?, at path: FieldPath, _ findings: inout Findings) {
        guard let duration else { return }
        if duration < .milliseconds(1) {
            findings.error(path, "is at least 1 ms; leave it out to have none")
        } else if duration.components.attoseconds % 1_000_000_000_000_000 != 0 {
            findings.error(path, "is taken to the millisecond, not finer")
        }
    }

    /// As `check`, with zero to switch it off.
    static func checkOrZero(_ duration: Duration?, at path: FieldPath, _ findings: inout Findings) {
        guard duration != .zero else { return }
        check(duration, at: path, &findings)
    }
}
