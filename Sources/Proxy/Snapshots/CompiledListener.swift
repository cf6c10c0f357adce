// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import Observability
import ProxyCore
import ProxyModel

/// A listener with everything that is worked out once: chain matcher, rules, routers, log formats.
final class CompiledListener: Sendable {
    let listener: Listener
    /// Which side reports Istio's metrics; nil: nobody does.
    let reporter: TelemetryScope.Reporter?
    /// Whether requests leave for others from here, who may be told who asks.
    let isSource: Bool
    private let matcher: FilterChainMatcher
    private let chains: [CompiledChain]
    private let defaultChain: CompiledChain?

    init(_ listener: Listener) throws(ProxyApplyError) {
        self.listener = listener
        self.reporter = listener.telemetry.disabledMetrics.contains("ALL_METRICS") ? nil : listener.telemetry.reporter
        self.isSource = listener.telemetry.reporter == .source
        self.matcher = FilterChainMatcher(listener)
        do {
            self.chains = try listener.filterChains.map(CompiledChain.init)
            self.defaultChain = try listener.defaultFilterChain.map(CompiledChain.init)
        } catch {
            throw ProxyApplyError(subject: "listener \(listener.name)", reason: "\(error)")
        }
    }

    func chain(_ facts: ConnectionFacts) -> CompiledChain? {
        switch self.matcher.choose(facts) {
        case .chain(let index): self.chains.indices.contains(index) ? self.chains[index] : nil
        case .defaultChain: self.defaultChain
        case .none: nil
        }
    }
}

/// A filter chain, ready to run.
final class CompiledChain: Sendable {
    let chain: FilterChain
    let authorization: [RuleEvaluator]
    /// In order, without the router.
    let filters: [CompiledFilter]
    /// Those that have a say in answers, in the order in which these pass them.
    let responseFilters: [CompiledFilter]
    /// Whether one of them edits every answer; the others only where they have marked the request.
    let editsAnswers: Bool
    let inlineRouter: Router?
    let manager: CompiledManager
    /// What a certificate of a client must say.
    let peerVerifier: PeerVerifier
    let accessLogs: [CompiledAccessLog]
    let limits: HTTP1Limits
    let http2Limits: HTTP2Limits

    init(_ chain: FilterChain) throws {
        self.chain = chain
        self.peerVerifier = PeerVerifier(chain.tls?.common)
        self.authorization = try chain.authorization.compactMap { try $0.rules.map { try RuleEvaluator($0) } }
        switch chain.terminal {
        case .http(let manager):
            self.manager = CompiledManager(manager)
            self.filters = try manager.filters.compactMap { try CompiledFilter.make($0) }
            self.responseFilters = self.filters.reversed().filter(\.seesAnswers)
            self.editsAnswers = self.responseFilters.contains(where: \.editsAnswers)
            if case .inline(let table) = manager.routes { self.inlineRouter = try Router(table) } else { self.inlineRouter = nil }
            self.accessLogs = try manager.accessLogs.map(CompiledAccessLog.init)
            self.limits = HTTP1Limits(
                headBytes: manager.maxHeaderBytes, headerCount: manager.maxHeaders, acceptsHTTP10: manager.acceptsHTTP10)
            var http2Limits = HTTP2Limits(manager.http2)
            http2Limits.headBytes = manager.maxHeaderBytes
            http2Limits.headerCount = manager.maxHeaders
            self.http2Limits = http2Limits
        case .tcp(let proxy):
            self.manager = .none
            self.filters = []
            self.responseFilters = []
            self.editsAnswers = false
            self.inlineRouter = nil
            self.accessLogs = try proxy.accessLogs.map(CompiledAccessLog.init)
            self.limits = HTTP1Limits()
            self.http2Limits = HTTP2Limits()
        }
    }
}
