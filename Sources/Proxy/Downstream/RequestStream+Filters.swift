// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// Filters that look at answers too: CORS, local rate limits, edits of headers.
extension RequestStream {
    /// What the cluster that was chosen, else the route, says to filters.
    var told: CompiledRouteFilters? { self.target?.filters ?? self.route?.filters }

    /// True if the request goes on later, or never.
    func inject(_ fault: FaultPolicy, _ stats: FaultStats, then next: Int) -> Bool {
        let decision = FaultDecision(
            fault, delayRandom: self.worker.random.next(), abortRandom: self.worker.random.next())
        if let delay = decision.delay {
            self.entry.flags.insert(.delayInjected)
            stats.delays.add()
            let extras = self.madeExtras
            extras.holdFault(stats)
            extras.pendingFilter = next
            extras.pendingAbort = decision.abort.map { ($0, stats) }
            self.armIdleTimer()
            self.timers.delay = self.worker.timers.schedule(self, .delay, after: TimeAmount(delay))
            return true
        }
        guard let abort = decision.abort else { return false }
        self.abort(abort, stats)
        return true
    }

    /// The answer of a fault.
    func abort(_ status: FaultPolicy.Abort.Status, _ stats: FaultStats) {
        stats.aborts.add()
        self.fail(.faultAbort(status))
    }

    /// True if the request has been answered.
    func checkOrigin(_ told: CompiledRouteFilters.Setting?, _ stats: CrossOriginStats) -> Bool {
        guard case .crossOrigin(let check)? = told, self.route?.forward != nil else { return false }
        let decision = check.decide(self.head, random: { self.worker.random.next() })
        if let isValid = decision.isOriginValid { (isValid ? stats.valid : stats.invalid).add() }
        switch decision {
        case .pass, .watched, .refuse: return false
        case .allow(let origin):
            self.madeExtras.crossOrigin = (check, origin)
            return false
        case .answer(let headers, _):
            self.madeExtras.isPreflight = true
            self.reply(LocalReply(status: 200, details: "cors_response", headers: headers))
            return true
        }
    }

    /// True if the request has been answered.
    func limit(_ own: LocalRateLimiter, _ told: CompiledRouteFilters.Setting?) -> Bool {
        var limiter = own
        if case .localRateLimit(let other)? = told { limiter = other }
        let descriptors = limiter.asksNames ? limiter.descriptors(self.rateLimitFacts, route: self.route?.forward?.rateLimits) : []
        let decision = limiter.decide(
            now: NIODeadline.now().uptimeNanoseconds, descriptors, own: &self.connection.rateBuckets[ObjectIdentifier(limiter)],
            random: { self.worker.random.next() })
        switch decision {
        case .pass: return false
        case .allowed(let speaker):
            if limiter.limit.tellsLimits { self.madeExtras.limiter = (limiter, speaker) }
            return false
        case .letThrough(let speaker):
            if limiter.limit.tellsLimits { self.madeExtras.limiter = (limiter, speaker) }
            if let editor = limiter.requestHeaders { self.edit(editor) }
            return false
        case .refuse(let speaker):
            let extras = self.madeExtras
            extras.limiter = (limiter, speaker)
            extras.isRefused = true
            self.fail(.rateLimited(status: limiter.limit.status, isResourceExhausted: limiter.limit.isResourceExhausted))
            return true
        }
    }

    private var rateLimitFacts: RateLimitFacts {
        RateLimitFacts(
            head: self.head, isSecure: self.connection.isTLS, source: self.worker.configuration.serviceCluster,
            destination: self.target?.name, client: self.client?.host ?? self.connection.remoteHost)
    }

    func editRequest(_ own: HeaderStepEditor, _ told: CompiledRouteFilters.Setting?, mostSpecificLast: Bool) {
        // On a copy: values may be taken from the head itself, which cannot be read while it is being changed.
        var head = self.head
        own.apply(to: &head, resolve: self.resolve)
        if case .headerMutation(let editors)? = told {
            for editor in mostSpecificLast ? editors.reversed() : editors { editor.apply(to: &head, resolve: self.resolve) }
        }
        self.head = head
    }

    // MARK: The answer

    /// What filters do to the head of every answer, also our own.
    func filterResponse(_ headers: inout HeaderBlock) {
        let before = headers
        let resolve = { (command: String) in self.resolve(command, answer: before) }
        for filter in self.chain.responseFilters {
            switch filter.kind {
            case .authorization, .fault: break
            case .crossOrigin:
                if let (check, origin) = self.extras?.crossOrigin { check.apply(to: &headers, origin: origin) }
            case .localRateLimit: self.tellLimits(&headers)
            case .headerMutation(let own, let mostSpecificLast):
                let told = self.told?[filter.name]
                if filter.isOff(told) { continue }
                own.apply(to: &headers, resolve: resolve)
                guard case .headerMutation(let editors)? = told else { continue }
                if mostSpecificLast {
                    for editor in editors.reversed() { editor.apply(to: &headers, resolve: resolve) }
                } else {
                    for editor in editors { editor.apply(to: &headers, resolve: resolve) }
                }
            }
        }
    }

    private func tellLimits(_ headers: inout HeaderBlock) {
        guard let extras = self.extras, let (limiter, speaker) = extras.limiter else { return }
        if extras.isRefused { limiter.responseHeaders?.apply(to: &headers, resolve: self.resolve) }
        let now = NIODeadline.now().uptimeNanoseconds
        guard
            let told = limiter.told(now: now, by: speaker, own: &self.connection.rateBuckets[ObjectIdentifier(limiter)])
        else { return }
        headers.add("x-ratelimit-limit", String(told.limit))
        headers.add("x-ratelimit-remaining", String(told.remaining))
        headers.add("x-ratelimit-reset", String(told.reset))
    }
}
