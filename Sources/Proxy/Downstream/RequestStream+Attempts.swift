// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// Attempts: an endpoint, a connection, the head and what is there of the body; and another attempt where the policy allows.
extension RequestStream: EndpointPool.Waiter {
    func attempt() {
        guard !self.isFinished, let cluster = self.cluster else { return }
        let retry = self.action?.retry
        guard
            let endpoint = cluster.pick(
                hash: self.hash(for: cluster), avoiding: retry?.avoidsPreviousHosts ?? false ? self.tried : [],
                selections: retry?.hostSelectionAttempts ?? 1)
        else {
            return self.reply(LocalReply(503, "no healthy upstream", flag: .noHealthyUpstream, details: "no_healthy_upstream"))
        }
        guard cluster.counters.take(.requests, limit: cluster.cluster.circuitLimits.maxRequests) else {
            return self.reply(LocalReply(.overflow))
        }
        self.holdsRequest = true
        self.attempts += 1
        self.tried.append(endpoint)
        self.begin(endpoint)
    }

    private func begin(_ endpoint: EndpointState) {
        self.endpoint = endpoint
        endpoint.active += 1
        endpoint.load.total += 1
        self.entry.upstream.host = endpoint.addressText
        self.attemptStarted = .now()
        self.isWaiting = true
        if let perTry = self.action?.retry?.perTryTimeout, perTry != .zero {
            self.perTryTimer = self.loop.scheduleTask(in: TimeAmount(perTry)) { [self] in
                self.perTryTimer = nil
                self.perTryTimedOut()
            }
        }
        endpoint.pool.acquire(self)
    }

    func connectionReady(_ connection: UpstreamConnection) {
        self.isWaiting = false
        guard !self.isFinished else { return connection.close() }
        self.upstream = connection
        self.entry.upstream.localAddress = connection.localAddressText
        connection.begin(self.attemptHead(), body: self.upgrade == nil ? self.body : .none, events: self)
        for part in self.kept { connection.send(part) }
        self.forgetBodyIfPossible()
        if self.requestComplete { connection.end(self.requestTrailers) }
        connection.flush()
        self.resumeRequest()
    }

    func connectionFailed(_ failure: UpstreamFailure) {
        self.isWaiting = false
        guard !self.isFinished else { return }
        self.upstreamFailed(failure)
    }

    /// The head with what differs between attempts.
    private func attemptHead() -> RequestHead {
        var head = self.head
        if self.includesAttemptCount { head.headers.set(.attemptCount, String(self.attempts)) }
        if self.connection.listener.listener.telemetry.reporter == .source, !self.worker.configuration.metadataHeader.isEmpty {
            head.headers.set(.peerMetadataID, self.worker.configuration.nodeID)
            head.headers.set(.peerMetadata, self.worker.configuration.metadataHeader)
        }
        if case .endpoint? = self.action?.hostRewrite, let host = self.endpoint?.endpoint.hostname, !host.isEmpty {
            head.setAuthority(host)
        }
        if let upgrade = self.upgrade {
            head.headers.add("connection", "upgrade")
            head.headers.add("upgrade", upgrade)
        }
        return head
    }

    /// Ends the attempt in hand without an answer; its connection is not used again.
    func giveUpAttempt(_ outcome: OutlierResult) {
        let upstream = self.upstream
        self.upstream = nil
        if self.isWaiting {
            self.isWaiting = false
            self.endpoint?.pool.cancel(self)
        }
        self.endAttempt(outcome)
        upstream?.cancel()
    }

    func endAttempt(_ outcome: OutlierResult?) {
        self.perTryTimer?.cancel()
        self.perTryTimer = nil
        if self.holdsRequest {
            self.holdsRequest = false
            self.cluster?.counters.giveBack(.requests)
        }
        guard let endpoint = self.endpoint else { return }
        self.endpoint = nil
        endpoint.active -= 1
        guard let outcome else { return }
        if outcome.isSuccess { endpoint.load.success += 1 } else { endpoint.load.errors += 1 }
        self.cluster?.report(endpoint, outcome)
    }

    private func perTryTimedOut() {
        self.giveUpAttempt(.timeout)
        self.entry.flags.insert(.upstreamRequestTimeout)
        if self.responseHead != nil { return self.abortResponse() }
        if let policy = self.action?.retry, RetryDecider.retriesTimeout(policy: policy), self.retry(policy) { return }
        self.reply(
            LocalReply(504, "upstream request timeout", flag: .upstreamRequestTimeout, details: "upstream_per_try_timeout"))
    }

    /// True if there will be another attempt.
    func retry(_ policy: RetryPolicy) -> Bool {
        guard self.keepsBody, !self.isFinished, self.sink != nil, let cluster = self.cluster else { return false }
        guard self.attempts <= policy.retries else {
            if policy.retries > 0 { self.entry.flags.insert(.upstreamRetryLimitExceeded) }
            return false
        }
        guard cluster.counters.take(.retries, limit: cluster.cluster.circuitLimits.maxRetries) else {
            self.entry.flags.insert(.upstreamOverflow)
            return false
        }
        self.delayTimer = self.loop.scheduleTask(in: RetryDecider.backOff(attempt: self.attempts, policy: policy)) { [self] in
            self.delayTimer = nil
            cluster.counters.giveBack(.retries)
            self.attempt()
        }
        return true
    }

    /// A reused connection that closed without a byte of an answer was most likely stale: once more, on the same endpoint, where
    /// repeating is safe.
    func retryStale(_ failure: UpstreamFailure) -> Bool {
        guard case .closed(responseStarted: false, reused: true) = failure, self.keepsBody, self.staleRetries < 3 else {
            return false
        }
        switch self.head.method {
        case .get, .head, .options, .put, .delete, .trace: break
        default: return false
        }
        guard let endpoint = self.endpoint else { return false }
        self.staleRetries += 1
        self.perTryTimer?.cancel()
        self.perTryTimer = nil
        endpoint.active -= 1
        self.begin(endpoint)
        return true
    }
}
