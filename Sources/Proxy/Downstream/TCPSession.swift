// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOTLS
import Observability
import ProxyCore
import ProxyModel

/// The downstream end of a TCP proxy: checks who connects, dials an endpoint and then makes way for a tunnel.
final class TCPSession: ChannelInboundHandler, RemovableChannelHandler, TimerTarget {
    typealias InboundIn = ByteBuffer

    private let connection: DownstreamConnection
    private let proxy: TCPProxy
    private let started = NIODeadline.now()
    private var entry: AccessLogEntry
    private var held = ByteBuffer()
    private var isJoined = false
    /// The client has said all before there was an endpoint to say it to.
    private var inputEnded = false
    private var tunnels: (down: TCPTunnel, up: TCPTunnel)?
    private var idleTimer: TimerToken?
    private var endpoint: EndpointState?
    private var cluster: ClusterState?
    private var durationTimer: Scheduled<Void>?

    init(connection: DownstreamConnection, proxy: TCPProxy) {
        self.connection = connection
        self.proxy = proxy
        self.entry = AccessLogEntry(
            startTime: connection.worker.wallClock.nanoseconds(at: self.started), wireProtocol: .tcp)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if !self.connection.isTLS, context.channel.isActive { self.begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if !self.connection.isTLS { self.begin(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            self.connection.handshakeCompleted(context.pipeline.syncOperations)
            self.begin(context)
        }
        if let event = event as? ChannelEvent, event == .inputClosed { self.inputEnded = true }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        if self.isJoined { return context.fireChannelRead(data) }
        self.held.writeBuffer(&bytes)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !self.isJoined { self.finish(nil) }
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        self.connection.opened(context.channel, session: nil)
        self.limitDuration(context.channel)
        for gate in self.connection.chain.authorization {
            let decision = gate.decide(self.connection)
            guard let detail = decision.denialDetail else { continue }
            self.entry.connectionTerminationDetails = detail
            context.close(promise: nil)
            return
        }
        self.stats?.connections.add()
        guard let chosen = self.proxy.clusters.choose(random: self.connection.worker.random.next()),
            let cluster = self.connection.worker.clusters[chosen.name]
        else {
            self.entry.flags.insert(.noClusterFound)
            self.stats?.noRoute.add()
            return context.close(promise: nil)
        }
        self.cluster = cluster
        self.entry.upstream.cluster = chosen.name
        self.dial(cluster, context.channel, attempts: max(self.proxy.maxConnectAttempts, 1), tried: [])
    }

    private func limitDuration(_ channel: any Channel) {
        guard let limit = self.proxy.maxDownstreamDuration else { return }
        self.durationTimer = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { [weak self] in
            self?.entry.flags.insert(.durationTimeout)
            self?.stats?.durationsReached.add()
            channel.close(promise: nil)
        }
    }

    private func dial(_ cluster: ClusterState, _ channel: any Channel, attempts: Int, tried: [EndpointState]) {
        guard let endpoint = self.pick(in: cluster, avoiding: tried) else {
            self.entry.flags.insert(.noHealthyUpstream)
            cluster.stats.withoutEndpoint &+= 1
            return channel.close(promise: nil)
        }
        guard cluster.counters.take(.connections, limit: cluster.cluster.circuitLimits.maxConnections) else {
            self.entry.flags.insert(.upstreamOverflow)
            cluster.stats.connectionOverflows &+= 1
            return channel.close(promise: nil)
        }
        self.entry.upstream.host = endpoint.addressText
        self.entry.attempts += 1
        let stats = cluster.stats
        endpoint.load.dialsAlone()
        stats.waits &+= 1
        endpoint.dialer.speaking(for: self.connection.ends).dial(halfClosure: true, readsByHand: true) { [self] result in
            stats.waitsEnded &+= 1
            switch result {
            case .success(let upstream):
                cluster.report(endpoint, .connected)
                self.join(channel, upstream.channel, endpoint, cluster)
            case .failure(let refusal):
                cluster.counters.giveBack(.connections)
                endpoint.load.dialFailed(refusal.failure)
                stats.waitsFailed &+= 1
                endpoint.load.aloneEnded()
                if let result = refusal.failure.outlierResult { cluster.report(endpoint, result) }
                if attempts > 1, channel.isActive {
                    return self.dial(cluster, channel, attempts: attempts - 1, tried: tried + [endpoint])
                }
                stats.connectAttemptsExceeded &+= 1
                self.entry.flags.insert(.upstreamConnectionFailure)
                self.entry.flags.insert(.upstreamRetryLimitExceeded)
                self.entry.upstream.transportFailureReason = refusal.failure.transportText
                channel.close(promise: nil)
            }
        }
    }

    private func pick(in cluster: ClusterState, avoiding tried: [EndpointState]) -> EndpointState? {
        if cluster.isOriginalDestination {
            return self.connection.ends.originalDestination.flatMap { cluster.endpoint(at: $0) }
        }
        let source = self.connection.remoteHost
        let hash = self.proxy.hashesSource && !source.isEmpty ? XXHash64.hash(source) : nil
        return cluster.pick(hash: hash, avoiding: tried, selections: 5)
    }

    private func join(_ channel: any Channel, _ upstream: any Channel, _ endpoint: EndpointState, _ cluster: ClusterState) {
        guard channel.isActive else {
            cluster.counters.giveBack(.connections)
            endpoint.load.aloneEnded()
            cluster.stats.connectionEnded(byEndpoint: false, isCut: false)
            return upstream.close(promise: nil)
        }
        self.isJoined = true
        self.endpoint = endpoint
        self.entry.upstream.localAddress = upstream.localAddress?.text
        endpoint.active += 1
        endpoint.load.total &+= 1
        cluster.stats.requests &+= 1
        let up = TCPTunnel()
        up.setOnClose { [unowned up] in
            cluster.counters.giveBack(.connections)
            endpoint.load.aloneEnded()
            cluster.stats.connectionEnded(byEndpoint: up.isEndedByPeer, isCut: true)
            cluster.stats.bytes.received &+= Int(clamping: up.bytesRead)
        }
        up.setOnError { [weak self] in self?.entry.flags.insert(.upstreamRemoteReset) }
        let down = TCPTunnel()
        down.setOnClose { [self] in
            endpoint.active -= 1
            cluster.stats.requestsEnded &+= 1
            cluster.stats.bytes.sent &+= Int(clamping: down.bytesRead)
            self.entry.requestBytes = down.bytesRead
            self.entry.responseBytes = up.bytesRead
            self.stats?.received.add(Int(clamping: down.bytesRead))
            self.stats?.sent.add(Int(clamping: up.bytesRead))
            self.finish(endpoint)
        }
        if let context = self.context { self.connection.worker.telemetry.connectionOpened(context: context) }
        do {
            try channel.pipeline.syncOperations.addHandler(down)
            try upstream.pipeline.syncOperations.addHandler(up)
        } catch {
            upstream.close(promise: nil)
            return channel.close(promise: nil)
        }
        if self.held.readableBytes > 0 { down.receive(self.held) }
        self.held = ByteBuffer()
        if self.inputEnded { down.inputHasEnded() }
        self.tunnels = (down, up)
        self.armIdleTimer(after: self.idleTimeout)
        TCPTunnel.join(down, up)
    }

    // MARK: Time

    private var idleTimeout: TimeAmount? {
        let timeout = self.proxy.idleTimeout ?? .seconds(3600)
        return timeout > .zero ? TimeAmount(timeout) : nil
    }

    private func armIdleTimer(after time: TimeAmount?) {
        self.idleTimer = time.map { self.connection.worker.timers.schedule(self, .idle, after: $0) }
    }

    func timerFired(_ kind: TimerKind) {
        self.idleTimer = nil
        guard let (down, up) = self.tunnels, let timeout = self.idleTimeout else { return }
        let rest = max(down.lastActivity, up.lastActivity) + timeout - .now()
        if rest > .zero { return self.armIdleTimer(after: rest) }
        self.entry.connectionTerminationDetails = "tcp_session_idle_timeout"
        self.stats?.idleTimeouts.add()
        down.close()
    }

    private func finish(_ endpoint: EndpointState?) {
        self.durationTimer?.cancel()
        self.connection.worker.timers.cancel(&self.idleTimer)
        self.tunnels = nil
        self.entry.duration = (NIODeadline.now() - self.started).nanoseconds
        self.entry.downstream = self.connection.description
        if let context = self.context {
            let telemetry = self.connection.worker.telemetry
            if endpoint == nil { telemetry.connectionOpened(context: context) }
            telemetry.connectionTransferred(context: context, sent: self.entry.responseBytes, received: self.entry.requestBytes)
            telemetry.connectionClosed(context: context, flags: self.entry.flags)
        }
        self.connection.log(self.entry)
        self.connection.record?.write(self.entry, isSecure: self.connection.isTLS)
        self.connection.closed()
    }

    private var stats: TCPStats? { self.connection.chain.tcpStats }

    private var context: StreamContext? {
        let scope = self.connection.listener.listener.telemetry
        guard let reporter = scope.reporter, !scope.disabledMetrics.contains("ALL_METRICS") else { return nil }
        let worker = self.connection.worker
        let service = self.cluster?.service ?? .unknown
        return switch reporter {
        case .source:
            StreamContext(
                reporter: .source, source: worker.ownLabels(showsIdentity: self.endpoint?.tls != nil),
                destination: self.endpoint?.labels ?? .unknown, service: service, isMutualTLS: false)
        case .destination:
            StreamContext(
                reporter: .destination, source: self.connection.source(metadata: nil),
                destination: worker.ownLabels(showsIdentity: self.connection.isMutualTLS), service: service,
                isMutualTLS: self.connection.isMutualTLS)
        }
    }
}
