// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore
import NIOSSL
import Observability
import ProxyCore
import ProxyModel
import SPIFFE

/// What is known of a client's connection, and the way from it to the loop's state.
final class DownstreamConnection: TimerTarget {
    let worker: ProxyWorker
    private(set) var listener: CompiledListener
    private(set) var chain: CompiledChain
    private let facts: ConnectionFacts
    let id: UInt64
    let isTLS: Bool
    let serverName: String?
    let ends: ConnectionEnds
    // Made at the first use.
    private(set) lazy var localAddress = self.ends.local?.text ?? ""
    private(set) lazy var remoteAddress = self.ends.remote?.text ?? ""
    /// Without port.
    private(set) lazy var remoteHost = self.ends.remote?.ipAddress ?? ""
    private(set) var peer: HandshakePeer?
    private var tlsVersion: String?
    /// The client proved a workload's identity.
    private(set) var isMutualTLS = false
    private(set) var peerFacts: PeerFacts
    /// `x-forwarded-client-cert` element for this connection; made at the first use.
    private var clientCertificateText: String?
    /// For logs; made at the first use after the handshake.
    private var described: AccessLogEntry.Downstream?
    private var sourceLabels: (header: TextSlice?, labels: InternedLabels)?
    /// Until the connection closes. Not weak: a weak reference makes every use of the session dear.
    private var session: (any DownstreamSession)?
    private var channel: (any Channel)?
    private(set) var isDraining = false
    private var ownPools: ClientPools?
    private(set) var requests = 0
    /// Under which it began: they stay, whatever its listener is called later.
    let stats: ManagerStats
    let answers: AnswerStats
    let listenerStats: ListenerStats
    /// Of this connection alone where its listener logs it; else everybody's.
    let bytes: ByteCounts
    let record: ConnectionRecord?
    var codec: HTTPCodecSelector.Choice?
    var openRequests = 0
    /// When the connection ended.
    var cutRequests = 0
    /// We have begun to close, or TLS has given up on the client: what the socket says does not count.
    var isClosedByUs = false
    var isHandshakeFailed = false
    private var durationTimer: TimerToken?
    /// Of rate limits that count for each connection apart.
    var rateBuckets: [ObjectIdentifier: RateBuckets] = [:]

    init(
        worker: ProxyWorker, listener: CompiledListener, chain: CompiledChain, facts: ConnectionFacts, ends: ConnectionEnds,
        record: ConnectionRecord? = nil
    ) {
        self.worker = worker
        self.listener = listener
        self.chain = chain
        self.facts = facts
        self.id = worker.makeConnectionID()
        self.isTLS = chain.chain.tls != nil
        self.serverName = facts.serverName
        self.ends = ends
        self.peerFacts = PeerFacts(
            directAddress: facts.directSourceAddress, remoteAddress: facts.sourceAddress,
            destinationAddress: facts.destinationAddress,
            destinationPort: facts.destinationPort, serverName: facts.serverName ?? "")
        self.listenerStats = worker.stats.listener(listener)
        self.listenerStats.connections &+= 1
        if case .http(let manager) = chain.chain.terminal {
            self.stats = worker.stats.manager(manager.statPrefix)
            self.answers = self.listenerStats.answers(of: manager.statPrefix)
        } else {
            self.stats = worker.stats.noManager
            self.answers = worker.stats.noAnswers
        }
        self.record = record
        self.bytes = record == nil ? self.stats.bytes : ByteCounts()
        self.stats.connections &+= 1
        if self.isTLS { self.stats.tlsConnections &+= 1 }
    }

    /// Takes the rules of a listener that has changed for every request that begins from now on. False where the connection itself
    /// would have been made differently: another chain, other TLS, or no HTTP.
    func adopt(_ listener: CompiledListener) -> Bool {
        guard case .http(let before) = self.chain.chain.terminal, let chain = listener.chain(self.facts),
            case .http(let manager) = chain.chain.terminal, chain.chain.tls == self.chain.chain.tls,
            manager.codec == before.codec
        else { return false }
        self.listener = listener
        self.chain = chain
        return true
    }

    var idleTimeout: TimeAmount? { self.chain.manager.idleTimeout }

    /// How long a request's head may take once it has begun, and what it is when that time is over.
    var headLimit: (time: TimeAmount, failure: RequestFailure)? { self.chain.manager.headLimit }

    var drainTimeout: TimeAmount {
        min(self.chain.manager.drainTimeout, self.worker.idleDrainLimit ?? self.chain.manager.drainTimeout)
    }

    func handshakeCompleted(_ pipeline: ChannelPipeline.SynchronousOperations) {
        if self.tlsVersion == nil {
            self.tlsVersion = (try? pipeline.handler(type: NIOSSLHandler.self))?.tlsVersion?.text
            self.described = nil
            self.listenerStats.tls.completed(version: self.tlsVersion, hasCertificate: HandshakePeer.of(pipeline) != nil)
        }
        guard self.peer == nil, let peer = HandshakePeer.of(pipeline) else { return }
        self.peer = peer
        self.isMutualTLS = peer.identity != nil
        self.described = nil
        let before = self.peerFacts
        self.peerFacts = PeerFacts(
            // A SPIFFE ID counts only as the one name of an SVID.
            uriNames: peer.identity.map { [$0.id.description] }
                ?? peer.texts(.uri).filter { !$0.lowercased().hasPrefix("spiffe:") },
            dnsNames: peer.texts(.dns), subject: peer.subject, hasCertificate: true, directAddress: before.directAddress,
            remoteAddress: before.remoteAddress, destinationAddress: before.destinationAddress,
            destinationPort: before.destinationPort, serverName: before.serverName)
    }

    /// The pools of an endpoint for this client's requests: those of everybody, unless the endpoint is told whose they are.
    func pools(of endpoint: EndpointState) -> EndpointPools {
        guard endpoint.dialer.proxyProtocol != nil else { return endpoint.pools }
        let own = self.ownPools ?? ClientPools()
        self.ownPools = own
        return own.pools(of: endpoint, for: self.ends)
    }

    func opened(_ channel: any Channel, session: (any DownstreamSession)?) {
        self.channel = channel
        self.session = session
        self.worker.opened(self, channel)
        if let duration = self.chain.manager.maxConnectionDuration {
            self.durationTimer = self.worker.timers.schedule(
                self, .maxDuration, after: duration.lengthened(by: self.chain.manager.settings.connectionDurationJitter))
        }
    }

    /// The connection has lived long enough: as in a drain, what runs is finished.
    func timerFired(_ kind: TimerKind) {
        self.durationTimer = nil
        self.stats.durationsReached &+= 1
        self.drain()
    }

    func closed() {
        self.channel = nil
        self.ownPools?.retire()
        self.ownPools = nil
        self.session = nil
        self.worker.timers.cancel(&self.durationTimer)
        self.worker.closed(self)
    }

    /// Its listener changes or goes, or the proxy ends.
    func drainWithListener() {
        if !self.isDraining { self.stats.drainCloses &+= 1 }
        self.drain()
    }

    func drain() {
        guard !self.isDraining else { return }
        self.isDraining = true
        self.session?.drain()
    }

    func abort() {
        self.isClosedByUs = true
        self.channel?.close(promise: nil)
    }

    /// A request begins.
    func start(_ head: consuming RequestHead, body: BodyLength, sink: any ResponseSink) -> any RequestSource {
        self.requests &+= 1
        self.requestBegins(head.version)
        if let limit = self.chain.manager.maxRequests, self.requests >= limit {
            self.stats.requestLimitsReached &+= 1
            self.drain()
        }
        return RequestStream.start(head, body: body, on: self, sink: sink)
    }

    /// Bytes that are no request have been answered.
    func refused(_ error: HTTP1Error, wireProtocol: WireProtocol = .http11) {
        var entry = AccessLogEntry(startTime: self.worker.wallClock.nanoseconds(at: .now()), wireProtocol: wireProtocol)
        entry.responseCode = Int(error.status)
        entry.responseCodeDetails = error.details
        entry.flags.insert(.downstreamProtocolError)
        self.record?.isBroken = true
        entry.downstream = self.description
        self.log(entry)
    }

    /// A request that never became one has been answered.
    func refused(_ reply: LocalReply, wireProtocol: WireProtocol = .http11) {
        var entry = AccessLogEntry(startTime: self.worker.wallClock.nanoseconds(at: .now()), wireProtocol: wireProtocol)
        entry.responseCode = Int(reply.status)
        entry.responseCodeDetails = reply.details
        entry.flags = reply.flags
        entry.downstream = self.description
        self.log(entry)
    }

    /// The client broke HTTP/2: its connection ends.
    func refused(_ error: HTTP2Error) {
        var entry = AccessLogEntry(startTime: self.worker.wallClock.nanoseconds(at: .now()), wireProtocol: .http2)
        entry.responseCodeDetails = error.code == .enhanceYourCalm ? "http2.too_many_frames" : "http2.violation.of.messaging.rule"
        entry.flags.insert(.downstreamProtocolError)
        self.record?.isBroken = true
        entry.downstream = self.description
        self.log(entry)
    }

    /// What logs say of the connection.
    var description: AccessLogEntry.Downstream {
        if let known = self.described { return known }
        let made = AccessLogEntry.Downstream(
            localAddress: self.localAddress, remoteAddress: self.remoteAddress,
            directRemoteAddress: self.ends.directRemote?.text ?? "",
            requestedServerName: self.serverName, tlsVersion: self.tlsVersion, peerURISAN: self.peerFacts.uriNames.first,
            peerSubject: self.peer?.subject,
            connectionID: self.id)
        self.described = made
        return made
    }

    func log(
        _ entry: borrowing AccessLogEntry, in chain: CompiledChain? = nil, request: RequestHead? = nil,
        response: ResponseHead? = nil
    ) {
        self.worker.log(
            entry, to: (chain ?? self.chain).accessLogs, request: request, response: response, isSecure: self.isTLS)
    }

    /// Who calls, for metrics: what the peer says of itself counts only under the identity it proved.
    func source(metadata: TextSlice?) -> InternedLabels {
        if let known = self.sourceLabels, known.header == metadata { return known.labels }
        let workload = self.peer?.identity?.id.workload
        let labels = PeerMetadata.labels(
            header: metadata?.string, provenNamespace: workload?.namespace, principal: self.peerFacts.uriNames.first)
        let interned = self.worker.telemetry.peer(labels)
        self.sourceLabels = (metadata, interned)
        return interned
    }

    /// The element that Envoy appends: `By=…;Hash=…;Subject="…";URI=…`.
    func clientCertificateElement(_ details: HTTPConnectionManager.ClientCertificateDetails) -> String? {
        if let text = self.clientCertificateText { return text }
        guard let peer = self.peer else { return nil }
        var parts: [String] = []
        if let own = self.worker.vault.current?.id.description { parts.append("By=\(own)") }
        parts.append("Hash=\(peer.certificateHash)")
        if details.subject { parts.append("Subject=\"\(peer.subject.filter { $0 != "\"" && $0 != "\\" })\"") }
        if details.uri, let uri = self.peerFacts.uriNames.first { parts.append("URI=\(uri)") }
        let text = parts.joined(separator: ";")
        self.clientCertificateText = text
        return text
    }
}
