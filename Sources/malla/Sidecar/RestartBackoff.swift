// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a sidecar that ended by itself is started again: 100 ms, doubled up to 5 s, and from the
/// beginning once it has lived for 10 s.
package struct RestartBackoff: Sendable, Hashable {
    private var next = Duration.milliseconds(100)

    package init() {}

    package mutating func delay(afterLiving lifetime: Duration) -> Duration {
        if lifetime >= .seconds(10) { next = .milliseconds(100) }
        defer { next = min(next * 2, .seconds(5)) }
        return next
    }
}
