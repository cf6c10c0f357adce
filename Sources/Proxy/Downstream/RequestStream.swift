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
    /// As much of a body as is taken before there is an upstream to send it to.
    static let waitingLimit = 64 * 1024

    let connection: DownstreamConnection
    /// The chain's that the request came to: the connection's may change while it runs.
    let chain: CompiledChain
    /// As the client sent them.
    let method: HTTPMethod
    let version: HTTPVersion
    var head: RequestHead
    let body: BodyLength
    /// nil once the answer is complete or the client has gone.
    var sink: (any ResponseSink)?
    var entry: RequestSummary
    /// Kept only for a log.
    var upstreamAddress: String?
    var upstreamVersion: HTTPVersion?
    let started: NIODeadline
    let metadata: TextSlice?
    /// nil: the connection's other end is the client.
    let client: ForwardedClient?
    var upgrade: String?
    /// The answer says the request's ID; not where the request was refused before it had one of ours.
    let tellsID: Bool
    /// CONNECT that ends here.
    var terminatesConnect = false
    /// The client may have its tunnel, if the upstream agrees.
    private(set) var isUpgrade = false

    let route: CompiledRoute?
    var forward: CompiledForward?
    var target: CompiledTarget?
    var cluster: ClusterState?
    let plan: TimeoutPlan?
    var planner = RetryPlanner(nil)
    var timers = RequestTimers()
    /// Last byte either way; kept only where a stream idle timeout looks at it.
    var lastActivity: NIODeadline
    var extras: RequestExtras?

    // The body on its way up.
    var kept: [ByteBuffer] = []
    var keptBytes = 0
    var keepsBody = true
    var requestComplete = false
    var isRequestPaused = false

    // The attempt in hand.
    var endpoint: EndpointState?
    /// The last one that was chosen, also when its attempt is over.
    var lastEndpoint: EndpointState?
    var upstream: (any UpstreamExchange)?
    var isWaiting = false
    var holdsRequest = false
    /// Counted as one that an endpoint works on.
    var isCounted = false
    /// Of the cluster's retries; from the decision to the next one, or to the end.
    var holdsRetry = false
    var attempts = 0
    var staleRetries = 0
    var attemptStarted: NIODeadline
    var lastUpstreamActivity: NIODeadline

    // The answer.
    /// Its head has been given to the client.
    var hasAnswered = false
    /// Kept only for a log.
    var responseHead: ResponseHead?
    /// Of the head; trailers go before it.
    var responseGRPCStatus: Int?
    /// The upstream has agreed: bytes go both ways as they come.
    var isTunnel = false
    /// Of a tunnel: the upstream has said all.
    var upstreamInputHasEnded = false
    var isFinished = false
    /// No time has passed since the request began.
    private(set) var isStarting = false

    /// Decides on the head while it is local: whoever asks the property of an object gets a copy, and as long as there are two, a
    /// change makes a third.
    ///
    /// - Parameter refusal: Why the request goes no further, if so.
    private init(
        connection: DownstreamConnection, head received: consuming RequestHead, body: BodyLength, sink: any ResponseSink,
        refusal: inout RequestFailure?
    ) {
        var head = received
        let chain = connection.chain
        let manager = chain.manager
        let worker = connection.worker
        self.connection = connection
        self.chain = chain
        self.method = head.method
        self.version = head.version
        self.body = body
        self.sink = sink
        let now = worker.lookAtClock()
        self.started = now
        self.lastActivity = now
        self.attemptStarted = now
        self.lastUpstreamActivity = now
        self.entry = RequestSummary(startTime: worker.wallClock.nanoseconds(at: now), wireProtocol: WireProtocol(head.version))
        self.entry.isGRPC = GRPCContentType.isGRPC(head.headers)
        self.metadata = connection.isMutualTLS ? head.headers.first(.peerMetadata) : nil
        self.upgrade = head.method.isConnect ? nil : HopByHop.tunnelProtocol(head.headers)?.string
        let client =
            head.headers.contains(.forwardedFor)
            ? ForwardedClient(head.headers, connection: connection, settings: manager.settings) : nil
        self.client = client
        RequestPreparation.prepare(&head, client: client, connection: connection, manager: manager)
        refusal = RequestPreparation.refusal(&head, manager, connection: connection)
        var route: CompiledRoute?
        var tellsID = false
        if case nil = refusal {
            tellsID = manager.settings.tellsRequestID
            let decision = worker.router(of: chain)?
                .route(head, isSecure: connection.isTLS, random: worker.random.next())
            if case .route(let found)? = decision { route = found }
        }
        self.route = route
        self.tellsID = tellsID
        if let forward = route?.forward {
            self.target = forward.choose(random: worker.random.next())
            self.plan = TimeoutPlan(
                forward.times, head: head, streamIdle: manager.streamIdle, maxDuration: manager.maxDuration)
        } else {
            self.plan = nil
        }
        self.head = head
    }

    /// A request begins.
    static func start(
        _ head: consuming RequestHead, body: BodyLength, on connection: DownstreamConnection, sink: any ResponseSink
    ) -> RequestStream {
        var refusal: RequestFailure?
        let stream = RequestStream(connection: connection, head: head, body: body, sink: sink, refusal: &refusal)
        if let refusal {
            if case .invalidPath = refusal { connection.stats.refusedPaths &+= 1 }
            stream.fail(refusal)
        } else {
            stream.start()
        }
        return stream
    }

    var worker: ProxyWorker { self.connection.worker }
    var manager: CompiledManager { self.chain.manager }
    /// The client asks for a tunnel. What it says after its head waits until the upstream agrees.
    var wantsTunnel: Bool { self.upgrade != nil || self.method.isConnect }

    // MARK: Filters and route

    private func start() {
        self.isStarting = true
        defer { self.isStarting = false }
        if self.method.isConnect, self.route == nil { return self.failWithoutRoute() }
        if self.wantsTunnel {
            guard self.allowsTunnel(self.manager.settings) else {
                self.connection.stats.unknownUpgrades &+= 1
                return self.fail(.upgradeRefused)
            }
            if self.wantsTunnel {
                self.isUpgrade = true
                self.connection.stats.upgrades &+= 1
            }
        }
        self.armStreamTimers()
        self.filter(from: 0)
    }

    var madeExtras: RequestExtras {
        if let extras = self.extras { return extras }
        let extras = RequestExtras()
        self.extras = extras
        return extras
    }

    /// As Envoy: what the route says counts, and where it says nothing the connection manager.
    private func allowsTunnel(_ settings: HTTPConnectionManager) -> Bool {
        let type = self.upgrade?.lowercased() ?? "connect"
        let route = self.route?.forward?.action.upgrades[type]
        guard route?.isEnabled ?? settings.upgrades.contains(type) else { return false }
        self.terminatesConnect = route?.terminatesConnect ?? false
        // A request with a body cannot turn into a tunnel before its end: it goes on without the upgrade (RFC 9110 7.8).
        if !self.body.isNone, !self.method.isConnect { self.upgrade = nil }
        return true
    }

    func filter(from first: Int) {
        let filters = self.chain.filters
        var index = first
        while index < filters.count {
            let filter = filters[index]
            index += 1
            let told = self.told?[filter.name]
            if filter.isOff(told) { continue }
            switch filter.kind {
            case .authorization(let own, let stats):
                var gate = own
                if case .authorization(let other)? = told { gate = other }
                guard let gate else { continue }
                let peer = self.client?.peerFacts ?? self.connection.peerFacts
                let decision = gate.decide(self.head, peer: peer, isSecure: self.connection.isTLS, stats: stats)
                if case .denied(let policy) = decision { return self.fail(.accessDenied(policy: policy)) }
            case .fault(let own, let stats):
                var injected = own
                if case .fault(let other)? = told { injected = other }
                guard let fault = injected else { continue }
                guard fault.condition.matches(self.head, isSecure: self.connection.isTLS) else { continue }
                if self.inject(fault.policy, stats, then: index) { return }
            case .crossOrigin(let stats): if self.checkOrigin(told, stats) { return }
            case .localRateLimit(let own): if self.limit(own, told) { return }
            case .headerMutation(let own, let mostSpecificLast):
                self.editRequest(own, told, mostSpecificLast: mostSpecificLast)
            }
        }
        self.act()
    }

    /// The scheme that the client used, as far as it is known.
    private var isForwardedSecure: Bool { self.head.headers.first(.forwardedProto)?.equalsIgnoringCase("https") ?? false }

    private func failWithoutRoute() {
        self.connection.stats.routed &+= 1
        self.connection.stats.withoutRoute &+= 1
        self.fail(.noRoute)
    }

    private func act() {
        let stats = self.connection.stats
        guard let route = self.route else { return self.failWithoutRoute() }
        stats.routed &+= 1
        if let forward = route.forward { return self.forward(forward, route: route) }
        switch route.route.action {
        case .respond(let direct):
            stats.ownAnswers &+= 1
            var reply = LocalReply(
                status: direct.status, body: self.entry.isGRPC ? String(decoding: direct.body, as: UTF8.self) : "",
                details: "direct_response")
            // As Envoy: what was created is where it was asked for.
            if direct.status == 201 {
                let location = PathRewriter.location(
                    self.head, route: route, action: RedirectAction(), isSecure: self.isForwardedSecure)
                reply.headers.append(.init(name: "location", value: location))
            }
            self.reply(reply, body: direct.body)
        case .redirect(let action):
            stats.ownAnswers &+= 1
            let location = PathRewriter.location(
                self.head, route: route, action: action, isSecure: self.isForwardedSecure)
            self.reply(
                LocalReply(
                    status: action.status, details: "direct_response", headers: [.init(name: "location", value: location)]))
        case .forward: break
        }
    }
}
