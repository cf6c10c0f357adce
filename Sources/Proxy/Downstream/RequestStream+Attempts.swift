// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// Attempts: an endpoint, a connection, the head and what is there of the body; and another attempt where the policy allows.
extension RequestStream: UpstreamWaiter {
    func attempt() {
        guard !self.isFinished, let cluster = self.cluster else { return }
        let retry = self.forward?.retry
        guard
            let endpoint = cluster.isOriginalDestination
                ? self.originalEndpoint(of: cluster)
                : cluster.pick(
                    hash: self.hash(for: cluster), avoiding: self.extras?.tried ?? [], selections: retry?.hostSelectionAttempts ?? 1
                )
        else {
            cluster.stats.withoutEndpoint &+= 1
            return self.fail(.noHealthyUpstream)
        }
        guard cluster.counters.take(.requests, limit: cluster.cluster.circuitLimits.maxRequests) else {
            cluster.stats.requestOverflows &+= 1
            return self.fail(.reset(.overflow))
        }
        self.holdsRequest = true
        self.attempts += 1
        self.lastEndpoint = endpoint
        if retry?.avoidsPreviousHosts ?? false { self.madeExtras.tried.append(endpoint) }
        self.begin(endpoint)
    }

    private func begin(_ endpoint: EndpointState) {
        self.endpoint = endpoint
        endpoint.active += 1
        self.attemptStarted = self.isStarting ? self.started : .now()
        self.isWaiting = true
        self.pool(of: endpoint).acquire(self)
    }

    private func pool(of endpoint: EndpointState) -> any UpstreamPool {
        var pools = self.connection.pools(of: endpoint)
        if let naming = pools.naming { pools = pools.pools(for: self.peerHost(naming)) }
        return self.terminatesConnect ? pools.tunnelPool : pools.pool(for: self.version)
    }

    func connectionReady(_ connection: any UpstreamExchange) {
        self.isWaiting = false
        guard !self.isFinished else { return connection.cancel() }
        self.upstream = connection
        if let load = self.endpoint?.load {
            load.total &+= 1
            load.stats.requests &+= 1
            self.isCounted = true
        }
        if self.keepsLog {
            self.upstreamAddress = connection.localAddressText
            self.upstreamVersion = connection.version
        }
        self.prepareAttempt()
        if self.wantsTunnel {
            connection.begin(self.head, body: .none, events: self)
        } else {
            connection.begin(self.head, body: self.body, events: self)
            for part in self.kept { connection.send(part) }
            self.forgetBodyIfPossible()
            if self.requestComplete { connection.end(self.extras?.requestTrailers) }
        }
        connection.flush()
        self.armTryTimers()
        self.resumeRequest()
    }

    func connectionFailed(_ failure: UpstreamFailure) {
        self.isWaiting = false
        guard !self.isFinished else { return }
        self.upstreamFailed(failure)
    }

    /// Ends the attempt in hand without an answer; its connection is not used again. nil: the endpoint has no part in it.
    func giveUpAttempt(_ outcome: OutlierResult?) {
        let upstream = self.upstream
        self.upstream = nil
        if self.isWaiting {
            self.isWaiting = false
            if let endpoint = self.endpoint { self.pool(of: endpoint).cancel(self) }
        }
        self.endAttempt(outcome)
        upstream?.cancel()
    }

    func endAttempt(_ outcome: OutlierResult?) {
        self.timers.cancelTry(self.worker.timers)
        if self.holdsRequest {
            self.holdsRequest = false
            self.cluster?.counters.giveBack(.requests)
        }
        guard let endpoint = self.endpoint else { return }
        self.endpoint = nil
        endpoint.active -= 1
        self.uncount(endpoint)
        guard let outcome else { return }
        if outcome.isSuccess { endpoint.load.success += 1 } else { endpoint.load.errors += 1 }
        self.cluster?.report(endpoint, outcome)
    }

    // MARK: Another attempt

    /// Whether there will be another attempt after one that ended so. Asked before that one is given up, so that it still counts.
    func retry(after outcome: TryOutcome) -> Bool {
        guard !self.isFinished, !self.hasAnswered, self.sink != nil, let cluster = self.cluster else { return false }
        // A body that is gone cannot be sent again. (Where no try is left it is not missed: the planner says so.)
        guard self.keepsBody || !self.planner.mayRetry else { return false }
        self.giveBackRetry()
        let counters = cluster.counters
        let limits = cluster.cluster.circuitLimits
        let decision = self.planner.decide(after: outcome, random: self.worker.random.next()) {
            let limit = RetryBudget.limit(limits, active: counters.value(.requests), pending: counters.value(.pending))
            return counters.take(.retries, limit: limit)
        }
        if let flag = decision.flag { self.entry.flags.insert(flag) }
        switch decision {
        case .retry: cluster.stats.retries &+= 1
        case .limitReached: cluster.stats.retryLimitsReached &+= 1
        case .overflow: cluster.stats.retryOverflows &+= 1
        case .notRetriable: if self.planner.attempts > 1 { cluster.stats.retriesSuccessful &+= 1 }
        }
        guard case .retry(let delay) = decision else { return false }
        self.holdsRetry = true
        self.timers.backOff = self.worker.timers.schedule(self, .backOff, after: TimeAmount(delay))
        return true
    }

    func giveBackRetry() {
        guard self.holdsRetry else { return }
        self.holdsRetry = false
        self.cluster?.counters.giveBack(.retries)
    }

    /// A reused connection that closed without a byte of an answer was most likely stale: once more, on the same endpoint, where
    /// repeating is safe.
    func retryStale(_ failure: UpstreamFailure) -> Bool {
        guard case .closed(responseStarted: false, reused: true) = failure, self.keepsBody, self.staleRetries < 3,
            self.isIdempotent, let endpoint = self.endpoint
        else { return false }
        self.staleRetries += 1
        self.timers.cancelTry(self.worker.timers)
        endpoint.active -= 1
        self.uncount(endpoint)
        self.begin(endpoint)
        return true
    }

    private func uncount(_ endpoint: EndpointState) {
        guard self.isCounted else { return }
        self.isCounted = false
        endpoint.load.stats.requestsEnded &+= 1
    }

    /// RFC 9110 9.2.2.
    var isIdempotent: Bool {
        switch self.method {
        case .get, .head, .options, .put, .delete, .trace: self.upgrade == nil
        default: false
        }
    }
}
