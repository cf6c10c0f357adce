// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel
import Synchronization

/// Outlier detection of one cluster, for all event loops: five failures in a row are five, whichever loops saw them.
///
/// A success of an endpoint without failures on record costs one relaxed load. Everything else takes the lock around the detector,
/// which no callback and no wait is ever under (docs/decisions/0005-outlier-detection-over-loops.md).
final class OutlierMonitor: Sendable {
    /// What loops share of one endpoint.
    final class Record: Sendable {
        let address: ProxySocketAddress
        /// Whether a success has anything to end.
        fileprivate let hasFailures = Atomic<Bool>(false)
        // Written only where a policy judges rates; emptied by the sweep.
        fileprivate let externalTotal = Atomic<UInt64>(0)
        fileprivate let externalSucceeded = Atomic<UInt64>(0)
        fileprivate let localTotal = Atomic<UInt64>(0)
        fileprivate let localSucceeded = Atomic<UInt64>(0)

        fileprivate init(address: ProxySocketAddress) { self.address = address }
    }

    private struct State {
        var detector: OutlierDetector?
        var records: [ProxySocketAddress: Record] = [:]
        var random = RandomSource(seed: .random(in: .min ... .max))
    }

    struct Summary {
        var ejected: Set<ProxySocketAddress> = []
        var ejectionsTotal: UInt64 = 0
    }

    private let clock: MonotonicClock
    private let state = Mutex(State())

    init(clock: MonotonicClock) { self.clock = clock }

    /// Takes over policy and endpoints. Every loop says it; what is known of endpoints that stay is kept.
    func update(_ policy: OutlierPolicy?, endpoints: [Endpoint]) {
        self.state.withLock { state in
            guard let policy else {
                state.detector = nil
                state.records = [:]
                return
            }
            var records: [ProxySocketAddress: Record] = [:]
            for endpoint in endpoints {
                records[endpoint.address] = state.records[endpoint.address] ?? Record(address: endpoint.address)
            }
            state.records = records
            if state.detector == nil {
                state.detector = OutlierDetector(policy, endpoints: endpoints)
            } else {
                state.detector?.update(policy, endpoints: endpoints)
            }
        }
    }

    /// nil without a policy, and for endpoints that are none of the cluster's.
    func record(of address: ProxySocketAddress) -> Record? { self.state.withLock { $0.records[address] } }

    var summary: Summary {
        self.state.withLock { state in
            guard let detector = state.detector else { return Summary() }
            return Summary(ejected: detector.ejected, ejectionsTotal: detector.ejectionsTotal)
        }
    }

    /// Whether `sweep` may find something to do.
    var needsSweep: Bool { self.state.withLock { $0.detector?.needsSweep ?? false } }

    /// - Returns: whether the ejected endpoints changed.
    func report(_ result: OutlierResult, of record: Record, policy: OutlierPolicy, judgesRates: Bool) -> Bool {
        let isSuccess = result.isSuccess
        if judgesRates { Self.count(result, isSuccess: isSuccess, record, splits: policy.splitsLocalOriginErrors) }
        if isSuccess, !record.hasFailures.load(ordering: .relaxed) { return false }
        let now = self.clock.now()
        return self.state.withLock { state in
            let random = state.random.next()
            let changed = state.detector?.record(result, for: record.address, now: now, random: random) ?? false
            record.hasFailures.store(state.detector?.hasFailures(record.address) ?? false, ordering: .relaxed)
            return changed
        }
    }

    /// Ends ejections whose time is over and judges the interval. On one loop, every `policy.interval`.
    /// - Returns: whether the ejected endpoints changed.
    func sweep() -> Bool {
        let now = self.clock.now()
        return self.state.withLock { state in
            guard var detector = state.detector else { return false }
            state.detector = nil
            var changed = detector.sweep(now: now)
            if detector.policy.judgesRates {
                changed = detector.judgeRates(state.records.mapValues(Self.takeTally), now: now, random: &state.random) || changed
            }
            for record in state.records.values {
                record.hasFailures.store(detector.hasFailures(record.address), ordering: .relaxed)
            }
            state.detector = detector
            return changed
        }
    }

    private static func count(_ result: OutlierResult, isSuccess: Bool, _ record: Record, splits: Bool) {
        let isLocal = splits && result.isLocalOrigin
        if !isLocal {
            record.externalTotal.wrappingAdd(1, ordering: .relaxed)
            if isSuccess { record.externalSucceeded.wrappingAdd(1, ordering: .relaxed) }
        }
        guard splits else { return }
        // An answer of whatever kind shows that the endpoint can be reached.
        record.localTotal.wrappingAdd(1, ordering: .relaxed)
        if !isLocal || isSuccess { record.localSucceeded.wrappingAdd(1, ordering: .relaxed) }
    }

    private static func takeTally(_ record: Record) -> OutlierTally {
        OutlierTally(
            external: .init(
                total: record.externalTotal.exchange(0, ordering: .relaxed),
                succeeded: record.externalSucceeded.exchange(0, ordering: .relaxed)),
            local: .init(
                total: record.localTotal.exchange(0, ordering: .relaxed),
                succeeded: record.localSucceeded.exchange(0, ordering: .relaxed)))
    }
}
