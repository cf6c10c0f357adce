// SPDX-License-Identifier: Apache-2.0

/// How an endpoint's requests went in one interval.
package struct OutlierTally: Sendable, Hashable {
    package struct Count: Sendable, Hashable {
        package var total: UInt64
        package var succeeded: UInt64

        package init(total: UInt64 = 0, succeeded: UInt64 = 0) {
            self.total = total
            self.succeeded = succeeded
        }

        /// 0 … 100; nil below `volume`, or where nothing was asked.
        func successPercentage(volume: Int) -> Double? {
            guard self.total > 0, self.total >= UInt64(clamping: volume) else { return nil }
            return Double(min(self.succeeded, self.total)) * 100 / Double(self.total)
        }
    }

    /// Answers; where local errors are not split off, also attempts without one.
    package var external: Count
    /// Attempts to reach the endpoint, where they are split off.
    package var local: Count

    package init(external: Count = Count(), local: Count = Count()) {
        self.external = external
        self.local = local
    }
}
