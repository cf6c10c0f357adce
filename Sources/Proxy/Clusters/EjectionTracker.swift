// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

/// Counts an endpoint's consecutive failures and says when it is ejected and when it returns.
struct EjectionTracker {
    enum Outcome {
        case success
        case serverError(UInt16)
        /// No response: connection, TLS, timeout.
        case localFailure
    }

    private var consecutive5xx = 0
    private var consecutiveGateway = 0
    private var consecutiveLocal = 0
    private var ejections = 0
    private(set) var ejectedUntil: NIODeadline?

    /// Whether the endpoint is out at `now`; ends an ejection whose time is over.
    mutating func isEjected(at now: NIODeadline) -> Bool {
        guard let until = self.ejectedUntil else { return false }
        if until > now { return true }
        self.ejectedUntil = nil
        return false
    }

    /// True if a threshold has been reached. `random` is 0 ..< 100, compared with the enforcing percentages.
    mutating func report(_ outcome: Outcome, policy: OutlierPolicy, random: Int) -> Bool {
        switch outcome {
        case .success:
            self.consecutive5xx = 0
            self.consecutiveGateway = 0
            self.consecutiveLocal = 0
            return false
        case .serverError(let status):
            self.consecutiveLocal = 0
            self.consecutive5xx += 1
            self.consecutiveGateway = (502...504).contains(status) ? self.consecutiveGateway + 1 : 0
        case .localFailure:
            if policy.splitsLocalOriginErrors {
                self.consecutiveLocal += 1
            } else {
                self.consecutive5xx += 1
                self.consecutiveGateway += 1
            }
        }
        func reached(_ count: Int, _ threshold: Int, _ enforcing: Int) -> Bool {
            threshold > 0 && count >= threshold && random < enforcing
        }
        return reached(self.consecutive5xx, policy.consecutive5xx, policy.enforcingConsecutive5xx)
            || reached(self.consecutiveGateway, policy.consecutiveGatewayFailures, policy.enforcingConsecutiveGatewayFailures)
            || reached(self.consecutiveLocal, policy.consecutiveLocalOriginFailures, policy.enforcingConsecutiveLocalOriginFailures)
    }

    /// Base time for each ejection so far, up to the maximum.
    mutating func eject(at now: NIODeadline, policy: OutlierPolicy) {
        self.ejections += 1
        let time = min(policy.baseEjectionTime * self.ejections, max(policy.maxEjectionTime, policy.baseEjectionTime))
        self.ejectedUntil = now + TimeAmount(time)
        self.consecutive5xx = 0
        self.consecutiveGateway = 0
        self.consecutiveLocal = 0
    }
}
