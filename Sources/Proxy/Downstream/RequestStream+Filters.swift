// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// Filters that look at answers too: CORS, local rate limits, edits of headers.
extension RequestStream {
    /// True if the request has been answered.
    func checkOrigin(_ told: CompiledRouteFilters.Setting?) -> Bool {
        guard case .crossOrigin(let check)? = told, self.route?.forward != nil else { return false }
        switch check.decide(self.head, random: { self.worker.random.next() }) {
        case .pass, .watched, .refuse: return false
        case .allow(let origin):
            self.madeExtras.crossOrigin = (check, origin)
            return false
        case .answer(let headers):
            self.madeExtras.isPreflight = true
            self.reply(LocalReply(status: 200, details: "cors_response", headers: headers))
            return true
        }
    }

    /// True if the request has been answered.
    func limit(_ own: LocalRateLimiter, _ told: CompiledRouteFilters.Setting?) -> Bool {
        var limiter = own
        if case .localRateLimit(let other)? = told { limiter = other }
        let decision = limiter.decide(
            now: NIODeadline.now().uptimeNanoseconds, own: &self.connection.rateBucket, random: { self.worker.random.next() })
        switch decision {
        case .pass: return false
        case .allowed:
            if limiter.limit.tellsLimits { self.madeExtras.limiter = limiter }
            return false
        case .letThrough:
            if limiter.limit.tellsLimits { self.madeExtras.limiter = limiter }
            if let editor = limiter.requestHeaders { self.edit(editor) }
            return false
        case .refuse:
            let extras = self.madeExtras
            extras.limiter = limiter
            extras.isRefused = true
            self.fail(.rateLimited(status: limiter.limit.status, isResourceExhausted: limiter.limit.isResourceExhausted))
            return true
        }
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
        for filter in self.chain.responseFilters {
            switch filter.kind {
            case .authorization, .fault: break
            case .crossOrigin:
                if let (check, origin) = self.extras?.crossOrigin { check.apply(to: &headers, origin: origin) }
            case .localRateLimit: self.tellLimits(&headers)
            case .headerMutation(let own, let mostSpecificLast):
                own.apply(to: &headers, resolve: self.resolve)
                guard case .headerMutation(let editors)? = self.route?.filters?[filter.name] else { continue }
                if mostSpecificLast {
                    for editor in editors.reversed() { editor.apply(to: &headers, resolve: self.resolve) }
                } else {
                    for editor in editors { editor.apply(to: &headers, resolve: self.resolve) }
                }
            }
        }
    }

    private func tellLimits(_ headers: inout HeaderBlock) {
        guard let extras = self.extras, let limiter = extras.limiter else { return }
        if extras.isRefused { limiter.responseHeaders?.apply(to: &headers, resolve: self.resolve) }
        let now = NIODeadline.now().uptimeNanoseconds
        guard let told = limiter.told(now: now, own: &self.connection.rateBucket) else { return }
        headers.add("x-ratelimit-limit", String(told.limit))
        headers.add("x-ratelimit-remaining", String(told.remaining))
        headers.add("x-ratelimit-reset", String(told.reset))
    }
}
