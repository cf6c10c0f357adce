// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// One request, from its head to the last byte of its answer: filters, route, attempts, and the body both ways.
///
/// Belongs to its connection's event loop. What is decided stands in ProxyCore; here it is done.
final class RequestStream {
    /// As much of a body as is kept for another attempt, or before there is an upstream to send it to.
    static let bufferLimit = 64 * 1024

    let connection: DownstreamConnection
    let original: RequestHead
    var head: RequestHead
    let body: BodyLength
    /// nil once the answer is complete or the client has gone.
    var sink: (any ResponseSink)?
    var entry: AccessLogEntry
    let started: NIODeadline
    var metadata: TextSlice?
    var upgrade: String?

    var route: CompiledRoute?
    var action: ForwardAction?
    var chosen: WeightedCluster?
    var cluster: ClusterState?
    var includesAttemptCount = false
    var plan: TimeoutPlan?
    var planner = RetryPlanner(nil)
    var timers = RequestTimers()
    /// Last byte either way; kept only where a stream idle timeout looks at it.
    var lastActivity: NIODeadline
    var pendingFilters: ArraySlice<CompiledChain.Filter> = []
    var pendingAbort: FaultPolicy.Abort.Status?

    // The body on its way up.
    var kept: [ByteBuffer] = []
    var keptBytes = 0
    var keepsBody = true
    var requestComplete = false
    var requestTrailers: HeaderBlock?
    var isRequestPaused = false

    // The attempt in hand.
    var endpoint: EndpointState?
    var tried: [EndpointState] = []
    var requestHash: RequestHash?
    var upstream: (any UpstreamExchange)?
    var isWaiting = false
    var holdsRequest = false
    /// Of the cluster's retries; from the decision to the next one, or to the end.
    var holdsRetry = false
    var attempts = 0
    var staleRetries = 0
    var attemptStarted: NIODeadline
    var lastUpstreamActivity: NIODeadline
    var responseHead: ResponseHead?
    var isTunnel = false
    var isFinished = false

    init(connection: DownstreamConnection, head: RequestHead, body: BodyLength, sink: any ResponseSink) {
        self.connection = connection
        self.original = head
        self.head = head
        self.body = body
        self.sink = sink
        let now = NIODeadline.now()
        self.started = now
        self.lastActivity = now
        self.attemptStarted = now
        self.lastUpstreamActivity = now
        self.entry = AccessLogEntry(
            startTime: connection.worker.wallClock.nanoseconds(at: now), wireProtocol: WireProtocol(head.version))
    }

    var worker: ProxyWorker { self.connection.worker }

    // MARK: Filters and route

    func start() {
        guard let manager = self.connection.manager else {
            return self.reply(LocalReply(status: 500, details: "no_http"))
        }
        self.entry.isGRPC = self.head.headers.first(.contentType)?.hasPrefix("application/grpc") ?? false
        self.metadata = self.connection.isMutualTLS ? self.head.headers.first(.peerMetadata) : nil
        // As Envoy: an offer to go on in HTTP/2 (RFC 7540 3.2, dropped by RFC 9113) is not taken.
        self.upgrade = HopByHop.upgrade(self.head.headers).map { $0.string.lowercased() }.flatMap { $0 == "h2c" ? nil : $0 }
        RequestPreparation.prepare(&self.head, connection: self.connection, manager: manager)
        if self.head.method == .connect {
            return self.reply(
                LocalReply(
                    status: 405, body: "CONNECT is not served here: send absolute-form requests", details: "connect_not_allowed"))
        }
        if let upgrade = self.upgrade, !manager.upgrades.contains(upgrade) { return self.fail(.upgradeRefused) }
        if manager.normalizesPath {
            switch PathNormalization.normalize(self.head, mergesSlashes: manager.mergesSlashes) {
            case .unchanged: break
            case .changed(let path): self.head.setPathAndQuery(path)
            case .refused: return self.fail(.invalidPath)
            }
        }
        let decision = self.worker.router(of: self.connection.chain)?
            .route(self.head, isSecure: self.connection.isTLS, random: self.worker.random.next())
        if case .route(let route, let virtualHost, let includes)? = decision {
            self.route = route
            self.includesAttemptCount = includes
            self.entry.routeName = route.route.name
            self.entry.virtualHost = virtualHost
            if case .forward(let action) = route.route.action {
                self.plan = TimeoutPlan(
                    action, head: self.head, streamIdle: manager.streamIdleTimeout, maxDuration: manager.maxStreamDuration)
            }
        }
        self.armStreamTimers(requestTimeout: manager.requestTimeout)
        self.filter(self.connection.chain.filters[...])
    }

    func filter(_ filters: ArraySlice<CompiledChain.Filter>) {
        var rest = filters
        while let filter = rest.popFirst() {
            switch filter {
            case .authorization(let evaluator):
                let decision = evaluator.decide(self.head, peer: self.connection.peerFacts, isSecure: self.connection.isTLS)
                if case .denied(let policy) = decision { return self.fail(.accessDenied(policy: policy)) }
            case .fault(let own):
                guard let fault = self.route?.fault ?? own else { continue }
                guard fault.headers.allSatisfy({ $0.matches(self.head, isSecure: self.connection.isTLS) }) else { continue }
                if self.inject(fault.policy, then: rest) { return }
            }
        }
        self.act()
    }

    /// True if the request goes on later, or never.
    private func inject(_ fault: FaultPolicy, then rest: ArraySlice<CompiledChain.Filter>) -> Bool {
        let decision = FaultDecision(
            fault, delayRandom: self.worker.random.next(), abortRandom: self.worker.random.next())
        if let delay = decision.delay {
            self.entry.flags.insert(.delayInjected)
            self.pendingFilters = rest
            self.pendingAbort = decision.abort
            self.timers.delay = self.worker.timers.schedule(self, .delay, after: TimeAmount(delay))
            return true
        }
        guard let abort = decision.abort else { return false }
        self.fail(.faultAbort(abort))
        return true
    }

    private func act() {
        guard let route = self.route else { return self.fail(.noRoute) }
        switch route.route.action {
        case .respond(let direct):
            self.reply(
                LocalReply(
                    status: direct.status, body: self.entry.isGRPC ? String(decoding: direct.body, as: UTF8.self) : "",
                    details: "direct_response"), body: direct.body)
        case .redirect(let action):
            let location = PathRewriter.location(self.head, route: route, action: action, isSecure: self.connection.isTLS)
            self.reply(
                LocalReply(
                    status: action.status, details: "direct_response", headers: [.init(name: "location", value: location)]))
        case .forward(let action):
            self.forward(action, route: route)
        }
    }
}
