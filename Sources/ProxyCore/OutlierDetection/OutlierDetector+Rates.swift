// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// The detectors that compare endpoints over an interval.
extension OutlierDetector {
    /// Looks at the interval that has ended. Called after `sweep`, as Envoy does.
    /// - Returns: whether `ejected` changed.
    package mutating func judgeRates(
        _ tallies: [ProxySocketAddress: OutlierTally], now: UInt64, random: inout RandomSource
    ) -> Bool {
        guard self.policy.judgesRates else { return false }
        // Sorted, so that who is ejected when not all may be does not depend on a dictionary.
        let known = tallies.filter { self.isJudged($0.key) }.sorted { $0.key.description < $1.key.description }
        var changed = self.judge(
            known.map { ($0.key, $0.value.external) }, successEnforcing: self.policy.successRate.enforcing,
            failureEnforcing: self.policy.failurePercentage.enforcing, now: now, random: &random)
        if self.policy.splitsLocalOriginErrors {
            changed =
                self.judge(
                    known.map { ($0.key, $0.value.local) }, successEnforcing: self.policy.successRate.enforcingLocalOrigin,
                    failureEnforcing: self.policy.failurePercentage.enforcingLocalOrigin, now: now, random: &random) || changed
        }
        return changed
    }

    private mutating func judge(
        _ counts: [(address: ProxySocketAddress, count: OutlierTally.Count)], successEnforcing: Int, failureEnforcing: Int,
        now: UInt64, random: inout RandomSource
    ) -> Bool {
        var changed = false
        for address in self.farBelowTheMean(counts) {
            changed = self.eject(address, enforcing: successEnforcing, now: now, random: random.next()) || changed
        }
        for address in self.failingTooOften(counts) {
            changed = self.eject(address, enforcing: failureEnforcing, now: now, random: random.next()) || changed
        }
        return changed
    }

    private func farBelowTheMean(_ counts: [(address: ProxySocketAddress, count: OutlierTally.Count)]) -> [ProxySocketAddress] {
        let rule = self.policy.successRate
        let rates = counts.compactMap { host in
            host.count.successPercentage(volume: rule.requestVolume).map { (address: host.address, rate: $0) }
        }
        guard !rates.isEmpty, rates.count >= rule.minimumHosts else { return [] }
        let mean = rates.reduce(0) { $0 + $1.rate } / Double(rates.count)
        let variance = rates.reduce(0) { $0 + ($1.rate - mean) * ($1.rate - mean) } / Double(rates.count)
        let line = mean - variance.squareRoot() * Double(rule.deviationFactor) / 1000
        return rates.filter { $0.rate < line }.map(\.address)
    }

    private func failingTooOften(_ counts: [(address: ProxySocketAddress, count: OutlierTally.Count)]) -> [ProxySocketAddress] {
        let rule = self.policy.failurePercentage
        let rates = counts.compactMap { host in
            host.count.successPercentage(volume: rule.requestVolume).map { (address: host.address, rate: $0) }
        }
        guard !rates.isEmpty, rates.count >= rule.minimumHosts else { return [] }
        return rates.filter { 100 - $0.rate >= Double(rule.threshold) }.map(\.address)
    }
}
