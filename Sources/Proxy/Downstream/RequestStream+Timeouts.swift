// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// The times that a request may take, and what becomes of it when one of them is over. Armed at the moments at which Envoy does.
extension RequestStream: TimerTarget {
    // MARK: Arming

    /// From the head on: how long the request may take to arrive, to be silent, and to last.
    func armStreamTimers() {
        guard !self.isFinished else { return }
        if !self.body.isNone, !self.wantsTunnel, let timeout = self.manager.requestTimeout {
            self.timers.request = self.worker.timers.schedule(self, .request, after: timeout, now: self.started)
        }
        if let duration = self.plan?.duration {
            self.timers.duration = self.worker.timers.schedule(self, .maxDuration, after: duration, now: self.started)
        }
        if !self.isWithinResponseTimeout { self.armIdleTimer() }
    }

    func armIdleTimer() {
        guard self.timers.streamIdle == nil, let idle = self.plan?.streamIdle else { return }
        self.timers.streamIdle = self.worker.timers.schedule(self, .streamIdle, after: idle, now: self.started)
    }

    /// The request ends with its head, and has to be answered before it could be idle for too long: one timer does for both. (On
    /// HTTP/2 the end may come later than the head.)
    private var isWithinResponseTimeout: Bool {
        guard self.body.isNone, !self.version.isHTTP2, !self.wantsTunnel, let plan = self.plan, let overall = plan.overall,
            let idle = plan.streamIdle
        else { return false }
        return overall < idle
    }

    /// From the end of the request on.
    func armResponseTimeout(now: NIODeadline = .now()) {
        guard self.timers.response == nil, !self.isFinished, !self.wantsTunnel, let timeout = self.plan?.overall else { return }
        self.timers.response = self.worker.timers.schedule(self, .response, after: timeout, now: now)
    }

    /// From when a try has its connection and its whole request.
    func armTryTimers() {
        guard self.upstream != nil, !self.isFinished else { return }
        if let duration = self.cluster?.cluster.maxStreamDuration, duration > .zero, self.timers.upstreamDuration == nil {
            self.timers.upstreamDuration = self.worker.timers.schedule(self, .upstreamDuration, after: TimeAmount(duration))
        }
        guard self.requestComplete, !self.wantsTunnel, !self.hasAnswered else { return }
        if let timeout = self.plan?.perTry {
            self.timers.perTry = self.worker.timers.schedule(self, .perTry, after: timeout)
        }
        if let timeout = self.plan?.perTryIdle {
            let now = NIODeadline.now()
            self.lastUpstreamActivity = now
            self.timers.perTryIdle = self.worker.timers.schedule(self, .perTryIdle, after: timeout, now: now)
        }
    }

    /// Something moved, either way.
    func touch() {
        if self.timers.streamIdle != nil { self.lastActivity = .now() }
    }

    /// What the upstream is told that it has; nil: as long as it likes.
    var expectedMilliseconds: UInt64? {
        guard let plan = self.plan, plan.overall != nil || plan.perTry != nil else { return nil }
        var time = Int64.max
        if let overall = plan.overall {
            time = overall.nanoseconds
            if self.attempts > 1 { time -= (NIODeadline.now() - self.started).nanoseconds }
        }
        if let perTry = plan.perTry { time = min(time, perTry.nanoseconds) }
        return UInt64(max(time / 1_000_000, 1))
    }

    // MARK: Time is over

    func timerFired(_ kind: TimerKind) {
        guard !self.isFinished else { return }
        switch kind {
        case .delay:
            self.timers.delay = nil
            guard let extras = self.extras else { return }
            if let (status, stats) = extras.pendingAbort {
                self.abort(status, stats)
            } else {
                self.filter(from: extras.pendingFilter)
            }
        case .backOff:
            self.timers.backOff = nil
            self.attempt()
        case .response:
            self.timers.response = nil
            self.cluster?.stats.timeouts &+= 1
            self.endpoint?.load.timeouts &+= 1
            self.giveUp(.responseTimeout, flag: .upstreamRequestTimeout, details: "response_timeout")
        case .perTry:
            self.timers.perTry = nil
            self.cluster?.stats.tryTimeouts &+= 1
            self.endpoint?.load.timeouts &+= 1
            self.tryTimedOut(.perTryTimeout)
        case .perTryIdle:
            self.timers.perTryIdle = nil
            self.tryWasIdle()
        case .upstreamDuration:
            self.timers.upstreamDuration = nil
            self.cluster?.stats.streamDurationsReached &+= 1
            self.upstreamTookTooLong()
        case .streamIdle:
            self.timers.streamIdle = nil
            self.streamWasIdle()
        case .request:
            self.timers.request = nil
            guard !self.requestComplete, !self.hasAnswered else { return }
            self.giveUp(.requestTimeout(requestComplete: false), flag: nil, details: "request_overall_timeout")
        case .maxDuration:
            self.timers.duration = nil
            self.giveUp(
                .downstreamMaxDuration(requestComplete: self.requestComplete), flag: .durationTimeout,
                details: "max_duration_timeout")
        case .idle, .headers, .drain, .close, .connect, .logFlush: break
        }
    }

    /// The whole request is over: answered if there is no answer yet, else cut off.
    private func giveUp(_ failure: RequestFailure, flag: ResponseFlag?, details: String) {
        self.connection.timedOut(failure)
        self.giveUpAttempt(failure.side == .upstream ? .timeout : nil)
        guard self.hasAnswered else { return self.fail(failure) }
        if let flag { self.entry.flags.insert(flag) }
        self.entry.responseCodeDetails = details
        self.abortResponse()
    }

    /// Before the response; there is another try if the policy wants one.
    private func tryTimedOut(_ failure: RequestFailure) {
        guard !self.hasAnswered else { return }
        let retries = self.retry(after: .perTryTimeout)
        self.giveUpAttempt(.timeout)
        if !retries { self.fail(failure) }
    }

    private func tryWasIdle() {
        guard let idle = self.plan?.perTryIdle else { return }
        let rest = self.lastUpstreamActivity + idle - .now()
        guard rest <= .zero else {
            self.timers.perTryIdle = self.worker.timers.schedule(self, .perTryIdle, after: rest)
            return
        }
        self.cluster?.stats.tryIdleTimeouts &+= 1
        self.endpoint?.load.timeouts &+= 1
        guard !self.hasAnswered else {
            return self.giveUp(.perTryIdleTimeout, flag: .upstreamRequestTimeout, details: "upstream_per_try_idle_timeout")
        }
        self.tryTimedOut(.perTryIdleTimeout)
    }

    private func upstreamTookTooLong() {
        if !self.hasAnswered, self.retry(after: .reset(.localReset, requestSent: true)) {
            return self.giveUpAttempt(.timeout)
        }
        self.giveUp(
            .upstreamMaxDuration, flag: .upstreamMaxStreamDurationReached, details: "upstream_max_stream_duration_reached")
    }

    private func streamWasIdle() {
        guard let idle = self.plan?.streamIdle else { return }
        let rest = self.lastActivity + idle - .now()
        guard rest <= .zero else {
            self.timers.streamIdle = self.worker.timers.schedule(self, .streamIdle, after: rest)
            return
        }
        self.giveUp(
            .streamIdleTimeout(requestComplete: self.requestComplete), flag: .streamIdleTimeout, details: "stream_idle_timeout")
    }
}
