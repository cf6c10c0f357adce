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
    let started = NIODeadline.now()
    var metadata: TextSlice?
    var upgrade: String?

    var route: CompiledRoute?
    var action: ForwardAction?
    var chosen: WeightedCluster?
    var cluster: ClusterState?
    var includesAttemptCount = false
    var requestHash: RequestHash?

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
    var upstream: UpstreamConnection?
    var isWaiting = false
    var holdsRequest = false
    var attempts = 0
    var staleRetries = 0
    var attemptStarted = NIODeadline.now()
    var responseHead: ResponseHead?
    var isTunnel = false
    var perTryTimer: Scheduled<Void>?
    var timeoutTimer: Scheduled<Void>?
    var delayTimer: Scheduled<Void>?
    var isFinished = false

    init(connection: DownstreamConnection, head: RequestHead, body: BodyLength, sink: any ResponseSink) {
        self.connection = connection
        self.original = head
        self.head = head
        self.body = body
        self.sink = sink
        self.entry = AccessLogEntry(
            startTime: WallClock.nanoseconds(), wireProtocol: WireProtocol(head.version))
    }

    var worker: ProxyWorker { self.connection.worker }
    var loop: NIOIsolatedEventLoop { self.worker.eventLoop.assumeIsolated() }

    // MARK: Filters and route

    func start() {
        guard let manager = self.connection.manager else { return self.reply(LocalReply(500, details: "no_http")) }
        self.entry.isGRPC = self.head.headers.first(.contentType)?.hasPrefix("application/grpc") ?? false
        self.metadata = self.connection.isMutualTLS ? self.head.headers.first(.peerMetadata) : nil
        // As Envoy: an offer to go on in HTTP/2 (RFC 7540 3.2, dropped by RFC 9113) is not taken.
        self.upgrade = HopByHop.upgrade(self.head.headers).map { $0.string.lowercased() }.flatMap { $0 == "h2c" ? nil : $0 }
        RequestPreparation.prepare(&self.head, connection: self.connection, manager: manager)
        if self.head.method == .connect {
            return self.reply(
                LocalReply(405, "CONNECT is not served here: send absolute-form requests", details: "connect_not_allowed"))
        }
        if let upgrade = self.upgrade, !manager.upgrades.contains(upgrade) {
            return self.reply(LocalReply(403, details: "upgrade_failed"))
        }
        if manager.normalizesPath {
            switch PathNormalization.normalize(self.head, mergesSlashes: manager.mergesSlashes) {
            case .unchanged: break
            case .changed(let path): self.head.setPathAndQuery(path)
            case .refused: return self.reply(LocalReply(400, details: "path_normalization_failed"))
            }
        }
        var random = SystemRandomNumberGenerator()
        let decision = self.worker.router(of: self.connection.chain)?
            .route(self.head, isSecure: self.connection.isTLS, random: random.next())
        if case .route(let route, let virtualHost, let includes)? = decision {
            self.route = route
            self.includesAttemptCount = includes
            self.entry.routeName = route.route.name
            self.entry.virtualHost = virtualHost
        }
        self.filter(self.connection.chain.filters[...])
    }

    private func filter(_ filters: ArraySlice<CompiledChain.Filter>) {
        var rest = filters
        while let filter = rest.popFirst() {
            switch filter {
            case .authorization(let evaluator):
                let decision = evaluator.decide(self.head, peer: self.connection.peerFacts, isSecure: self.connection.isTLS)
                if let detail = decision.denialDetail {
                    return self.reply(LocalReply(403, "RBAC: access denied", details: detail))
                }
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
        var random = SystemRandomNumberGenerator()
        let abort = fault.abort.flatMap { $0.fraction.includes(random.next()) ? $0 : nil }
        if let delay = fault.delay, delay.fraction.includes(random.next()) {
            self.entry.flags.insert(.delayInjected)
            self.delayTimer = self.loop.scheduleTask(in: TimeAmount(delay.duration)) { [self] in
                self.delayTimer = nil
                if let abort { self.abort(abort) } else { self.filter(rest) }
            }
            return true
        }
        guard let abort else { return false }
        self.abort(abort)
        return true
    }

    private func abort(_ abort: FaultPolicy.Abort) {
        switch abort.status {
        case .http(let status):
            self.reply(LocalReply(status, "fault filter abort", flag: .faultInjected, details: "fault_filter_abort"))
        case .grpc(let status):
            self.reply(LocalReply(200, flag: .faultInjected, details: "fault_filter_abort", grpcStatus: status))
        }
    }

    private func act() {
        guard let route = self.route else {
            return self.reply(LocalReply(404, flag: .noRouteFound, details: "route_not_found"))
        }
        switch route.route.action {
        case .respond(let direct):
            self.reply(LocalReply(direct.status, bytes: direct.body, details: "direct_response"))
        case .redirect(let action):
            let location = PathRewriter.location(self.head, route: route, action: action, isSecure: self.connection.isTLS)
            self.reply(LocalReply(action.status, details: "direct_response", location: location))
        case .forward(let action):
            self.forward(action, route: route)
        }
    }

    private func forward(_ action: ForwardAction, route: CompiledRoute) {
        var random = SystemRandomNumberGenerator()
        guard let chosen = action.clusters.choose(random: random.next()), let cluster = self.worker.clusters[chosen.name] else {
            return self.reply(LocalReply(action.clusterNotFoundStatus, flag: .noClusterFound, details: "cluster_not_found"))
        }
        self.action = action
        self.chosen = chosen
        self.cluster = cluster
        self.entry.upstream.cluster = cluster.cluster.name
        self.rewrite(action, route: route, chosen: chosen)
        if self.head.headers.contains(.expect) {
            // As Envoy: the proxy invites the body itself, so that it may be kept for another attempt.
            self.head.headers.remove(.expect)
            if !self.requestComplete, self.original.version != .http10 { self.sink?.sendInterim(ResponseHead(status: 100)) }
        }
        if self.requestComplete { self.armTimeout() }
        self.attempt()
    }

    private func rewrite(_ action: ForwardAction, route: CompiledRoute, chosen: WeightedCluster) {
        for editor in route.requestHeaders { editor.apply(to: &self.head, resolve: self.resolve) }
        if !chosen.requestHeaders.isEmpty { HeaderEditor(chosen.requestHeaders).apply(to: &self.head, resolve: self.resolve) }
        if let path = PathRewriter.rewritten(self.head, route: route, action: action) {
            self.head.headers.set(.originalPath, self.head.pathAndQuery)
            self.head.setPathAndQuery(path)
        }
        if let host = chosen.hostRewrite {
            self.head.setAuthority(host)
        } else if case .literal(let host)? = action.hostRewrite {
            self.head.setAuthority(host)
        }
        self.head.headers.remove(.peerMetadata)
        self.head.headers.remove(.peerMetadataID)
        self.head.headers.remove(.decoratorOperation)
        if let timeout = self.timeout {
            self.head.headers.set(.expectedTimeout, String(timeout.nanoseconds / 1_000_000))
        }
    }

    /// The whole request's time; nil: none.
    var timeout: TimeAmount? {
        guard let action = self.action, self.upgrade == nil else { return nil }
        guard let timeout = action.timeout else { return .seconds(15) }
        return timeout == .zero ? nil : TimeAmount(timeout)
    }

    func armTimeout() {
        guard self.timeoutTimer == nil, !self.isFinished, let timeout = self.timeout else { return }
        self.timeoutTimer = self.loop.scheduleTask(in: timeout) { [self] in
            self.timeoutTimer = nil
            self.giveUpAttempt(.timeout)
            self.entry.flags.insert(.upstreamRequestTimeout)
            guard self.responseHead == nil else { return self.abortResponse() }
            self.reply(LocalReply(504, "upstream request timeout", flag: .upstreamRequestTimeout, details: "response_timeout"))
        }
    }

    /// Values of `%…%` operators in header edits.
    func resolve(_ command: String) -> String? {
        switch command {
        case "DOWNSTREAM_REMOTE_ADDRESS": return self.connection.remoteAddress
        case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT":
            return self.connection.remoteAddress.split(separator: ":").dropLast().joined(separator: ":")
        case "DOWNSTREAM_LOCAL_ADDRESS": return self.connection.localAddress
        case "DOWNSTREAM_PEER_URI_SAN": return self.connection.peerFacts.uriNames.first
        case "PROTOCOL": return self.original.version.name
        case "UPSTREAM_HOST": return self.endpoint?.addressText
        default: break
        }
        if command.hasPrefix("REQ("), command.hasSuffix(")") {
            return RequestLookup(head: self.head, isSecure: self.connection.isTLS).headerValue(
                command.dropFirst(4).dropLast().lowercased())
        }
        return nil
    }
}
