// SPDX-License-Identifier: Apache-2.0

/// What a burst of requests sent by one of the demo's services met, as `malla-demo` tells it.
package struct BurstReport: Sendable, Hashable, Decodable {
    package var sent: Int
    package var statuses: [String: Int]
    package var versions: [String: Int]
    package var refusals: [String: Int]
    package var p50Milliseconds: Double
    package var p99Milliseconds: Double
    package var maxMilliseconds: Double

    package init(
        sent: Int, statuses: [String: Int] = [:], versions: [String: Int] = [:], refusals: [String: Int] = [:],
        p50Milliseconds: Double = 0, p99Milliseconds: Double = 0, maxMilliseconds: Double = 0
    ) {
        self.sent = sent
        self.statuses = statuses
        self.versions = versions
        self.refusals = refusals
        self.p50Milliseconds = p50Milliseconds
        self.p99Milliseconds = p99Milliseconds
        self.maxMilliseconds = maxMilliseconds
    }
}
