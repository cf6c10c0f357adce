// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// Leaves out endpoints that fail, and lets them return: Envoy's detectors. One per cluster.
///
/// Times are nanoseconds of a monotonic clock. The caller sweeps every `policy.interval`, and passes `ejected` on to its
/// balancers whenever an answer says that it changed.
package struct OutlierDetector: Sendable {
    private struct Host: Sendable {
        var serverErrors = 0
        var gatewayFailures = 0
        var localFailures = 0
        /// How often it was ejected lately: the factor of its next ejection's time.
        var ejections: UInt64 = 0
        var ejectedAt: UInt64?
        /// What this ejection lasts longer.
        var jitter: UInt64 = 0
    }

    package private(set) var policy: OutlierPolicy
    private var hosts: [ProxySocketAddress: Host]
    /// Endpoints that take no requests now.
    package private(set) var ejected: Set<ProxySocketAddress> = []
    /// Ejections so far, also of endpoints that have left.
    package private(set) var ejectionsTotal: UInt64 = 0

    package init(_ policy: OutlierPolicy, endpoints: [Endpoint]) {
        self.policy = policy
        self.hosts = Dictionary(endpoints.map { ($0.address, Host()) }, uniquingKeysWith: { first, _ in first })
    }

    /// Endpoints that stay keep what is known of them.
    package mutating func update(_ policy: OutlierPolicy, endpoints: [Endpoint]) {
        var kept: [ProxySocketAddress: Host] = [:]
        for endpoint in endpoints { kept[endpoint.address] = self.hosts[endpoint.address] ?? Host() }
        self.policy = policy
        self.hosts = kept
        self.ejected = self.ejected.filter { kept[$0] != nil }
    }

    /// - Parameter random: decides where a detector is enforced only for a share of its findings.
    /// - Returns: whether `ejected` changed.
    package mutating func record(_ result: OutlierResult, for address: ProxySocketAddress, now: UInt64, random: UInt64) -> Bool {
        guard var host = self.hosts[address] else { return false }
        let enforcing = self.count(result, &host)
        self.hosts[address] = host
        guard let enforcing else { return false }
        return self.eject(address, enforcing: enforcing, now: now, random: random)
    }

    /// Whether failures of the endpoint are on record that a success would end.
    package func hasFailures(_ address: ProxySocketAddress) -> Bool {
        guard let host = self.hosts[address] else { return false }
        return host.serverErrors > 0 || host.gatewayFailures > 0 || host.localFailures > 0
    }

    /// Whether the passing of time may change something.
    package var needsSweep: Bool {
        self.policy.judgesRates || !self.ejected.isEmpty || self.hosts.values.contains { $0.ejections > 0 }
    }

    /// Takes part in comparisons: known, and not out.
    func isJudged(_ address: ProxySocketAddress) -> Bool {
        guard let host = self.hosts[address] else { return false }
        return host.ejectedAt == nil
    }

    mutating func eject(_ address: ProxySocketAddress, enforcing: Int, now: UInt64, random: UInt64) -> Bool {
        guard var host = self.hosts[address], host.ejectedAt == nil, enforcing > 0, random % 100 < UInt64(enforcing), self.mayEject
        else { return false }
        host.ejectedAt = now
        host.ejections += 1
        let jitter = self.policy.maxEjectionTimeJitter.nanoseconds
        host.jitter = jitter > 0 ? random / 100 % jitter : 0
        self.hosts[address] = host
        self.ejected.insert(address)
        self.ejectionsTotal &+= 1
        return true
    }

    /// Lets return whose time is over.
    /// - Returns: whether `ejected` changed.
    package mutating func sweep(now: UInt64) -> Bool {
        var changed = false
        for (address, state) in self.hosts {
            var host = state
            if let since = host.ejectedAt {
                guard now >= since, now - since >= self.ejectionTime(host) else { continue }
                // A clean record, but the factor stays until it has behaved for an interval.
                host = Host(ejections: host.ejections)
                self.ejected.remove(address)
                changed = true
            } else if host.ejections > 0 {
                host.ejections -= 1
            } else {
                continue
            }
            self.hosts[address] = host
        }
        return changed
    }

    private func ejectionTime(_ host: Host) -> UInt64 {
        let (product, overflow) = self.policy.baseEjectionTime.nanoseconds.multipliedReportingOverflow(by: host.ejections)
        // A base over the maximum counts as the maximum.
        let maximum = max(self.policy.maxEjectionTime.nanoseconds, self.policy.baseEjectionTime.nanoseconds)
        let (time, isOver) = (overflow ? maximum : min(product, maximum)).addingReportingOverflow(host.jitter)
        return isOver ? .max : time
    }

    private var mayEject: Bool {
        if self.ejected.isEmpty, self.policy.alwaysEjectsOneHost { return true }
        return (self.ejected.count + 1) * 100 <= self.policy.maxEjectionPercent * self.hosts.count
    }

    /// The enforcing share of the detector that this result crossed the line of, if it did.
    private func count(_ result: OutlierResult, _ host: inout Host) -> Int? {
        switch result {
        case .response(let status, let grpcStatus):
            if self.policy.splitsLocalOriginErrors { host.localFailures = 0 }
            return self.count(status: grpcStatus.map(GRPCStatus.httpStatus) ?? status, &host)
        case .connected:
            guard self.policy.splitsLocalOriginErrors else { return self.count(status: 200, &host) }
            host.localFailures = 0
            return nil
        case .connectFailed, .reset, .timeout:
            guard self.policy.splitsLocalOriginErrors else { return self.count(status: result == .timeout ? 504 : 503, &host) }
            host.localFailures += 1
            guard host.localFailures == self.policy.consecutiveLocalOriginFailures else { return nil }
            host.localFailures = 0
            return self.policy.enforcingConsecutiveLocalOriginFailures
        }
    }

    private func count(status: UInt16, _ host: inout Host) -> Int? {
        guard OutlierResult.isServerError(status) else {
            host.serverErrors = 0
            host.gatewayFailures = 0
            return nil
        }
        var crossed: Int?
        if (502...504).contains(status) {
            host.gatewayFailures += 1
            if host.gatewayFailures == self.policy.consecutiveGatewayFailures {
                host.gatewayFailures = 0
                crossed = self.policy.enforcingConsecutiveGatewayFailures
            }
        } else {
            host.gatewayFailures = 0
        }
        host.serverErrors += 1
        if host.serverErrors == self.policy.consecutive5xx {
            host.serverErrors = 0
            crossed = max(crossed ?? 0, self.policy.enforcingConsecutive5xx)
        }
        return crossed
    }
}
