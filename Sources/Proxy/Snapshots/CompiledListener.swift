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
    /// Of its connections.
    let accessLogs: [CompiledAccessLog]
    private let matcher: FilterChainMatcher
    private let chains: [CompiledChain]
    private let defaultChain: CompiledChain?
    /// What the listener is called in statistics.
    let statPlace: String
    /// Of its chains' connection managers.
    let managerPrefixes: Set<String>
    let speaksTLS: Bool

    init(_ listener: Listener, stats: StatRegistry) throws(ProxyApplyError) {
        self.listener = listener
        self.reporter = listener.telemetry.disabledMetrics.contains("ALL_METRICS") ? nil : listener.telemetry.reporter
        self.isSource = listener.telemetry.reporter == .source
        self.matcher = FilterChainMatcher(listener)
        self.statPlace = listener.statPrefix ?? listener.address.description
        let allChains = listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? [])
        self.managerPrefixes = Set(
            allChains.compactMap { chain in
                guard case .http(let manager) = chain.terminal else { return nil }
                return manager.statPrefix
            })
        self.speaksTLS = allChains.contains { $0.tls != nil }
        do {
            // As Envoy: 0 is no limit.
            let limit = listener.bufferLimit.map { $0 == 0 ? .max : $0 } ?? CompiledChain.usualBufferLimit
            self.accessLogs = try listener.accessLogs.map(CompiledAccessLog.init)
            self.chains = try listener.filterChains.map { try CompiledChain($0, retryBufferLimit: limit, stats: stats) }
            self.defaultChain = try listener.defaultFilterChain.map { try CompiledChain($0, retryBufferLimit: limit, stats: stats) }
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
    let authorization: [ConnectionGate]
    let tcpStats: TCPStats?
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
    /// As much of a body as a retry policy keeps.
    let retryBufferLimit: Int

    /// Envoy's.
    static let usualBufferLimit = 1 << 20

    init(_ chain: FilterChain, retryBufferLimit: Int, stats: StatRegistry) throws {
        self.chain = chain
        self.retryBufferLimit = retryBufferLimit
        self.peerVerifier = PeerVerifier(chain.tls?.common)
        self.authorization = try chain.authorization.compactMap { try ConnectionGate($0, stats: stats) }
        switch chain.terminal {
        case .http(let manager):
            self.tcpStats = nil
            self.manager = CompiledManager(manager)
            self.filters = try manager.filters.compactMap { try CompiledFilter.make($0, prefix: manager.statPrefix, stats: stats) }
            self.responseFilters = self.filters.reversed().filter(\.seesAnswers)
            self.editsAnswers = self.responseFilters.contains(where: \.editsAnswers)
            if case .inline(let table) = manager.routes {
                self.inlineRouter = try Router(table, stats: stats)
            } else {
                self.inlineRouter = nil
            }
            self.accessLogs = try manager.accessLogs.map(CompiledAccessLog.init)
            self.limits = HTTP1Limits(
                headBytes: manager.maxHeaderBytes, headerCount: manager.maxHeaders, acceptsHTTP10: manager.acceptsHTTP10)
            var http2Limits = HTTP2Limits(manager.http2)
            http2Limits.headBytes = manager.maxHeaderBytes
            http2Limits.headerCount = manager.maxHeaders
            self.http2Limits = http2Limits
        case .tcp(let proxy):
            self.tcpStats = TCPStats(.tcp(proxy.statPrefix, in: stats))
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
