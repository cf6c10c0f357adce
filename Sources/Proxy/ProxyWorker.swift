// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel
import SPIFFE
import Sockets

/// Everything that one event loop's connections need. Touched only on that loop, so nothing in it is locked.
final class ProxyWorker {
    let eventLoop: SocketLoop
    let vault: CertificateVault
    let others: WorkerSet
    let hosts: HostDirectory
    /// Does what one loop of a proxy has to do for all.
    let isFirst: Bool
    let stats: WorkerStats
    let configuration: ProxyConfiguration
    let telemetry: TelemetryShard
    let localLabels: InternedLabels
    /// The same with the identity that we show in TLS. It stays over renewals.
    private var provenLabels: InternedLabels?
    private var dateHeader = DateHeader()
    let timers: DeadlineTimers
    let scratch = WriteScratch()
    var wallClock = WallClock()
    /// What `lookAtClock` gave last.
    private(set) var lastLook = NIODeadline.now()
    /// For choices where nobody gains by guessing them: the system's generator costs a system call each time.
    var random: RandomSource
    private(set) var compiled = CompiledSnapshot.empty
    /// Those that the last change took away. What their sockets still take is served.
    private var goneListeners: [String: CompiledListener] = [:]
    private(set) var clusters: [String: ClusterState] = [:]
    private var clusterCache = ClusterCache()
    private var connections: [ObjectIdentifier: DownstreamConnection] = [:]
    /// Accepted and not served yet: their first bytes, or their handshake, are awaited. A drain waits for them too.
    private var arriving: [ObjectIdentifier: Arrival] = [:]
    private(set) var isDraining = false
    /// While the proxy ends: how long a connection without a request may stay at most.
    private(set) var idleDrainLimit: TimeAmount?
    private var onIdle: (() -> Void)?
    private var nextConnectionID: UInt64 = 0
    /// By the operator; only configurations name some.
    private var operatorLogs: [String: CompiledAccessLog] = [:]

    init(
        eventLoop: SocketLoop, others: WorkerSet, hosts: HostDirectory, index: Int, vault: CertificateVault,
        configuration: ProxyConfiguration,
        accessLog: (any AccessLogOutput)?
    ) {
        self.eventLoop = eventLoop
        self.others = others
        self.hosts = hosts
        self.isFirst = index == 0
        self.stats = WorkerStats(worker: index)
        self.vault = vault
        self.configuration = configuration
        self.telemetry = TelemetryShard(accessLog: accessLog)
        self.localLabels = self.telemetry.peer(configuration.localLabels)
        self.timers = DeadlineTimers(eventLoop: eventLoop)
        self.random = RandomSource(seed: .random(in: .min ... .max))
    }

    /// This workload in metrics; with its identity where TLS has shown it.
    func ownLabels(showsIdentity: Bool) -> InternedLabels {
        guard showsIdentity else { return self.localLabels }
        if let known = self.provenLabels { return known }
        guard let id = self.vault.current?.id else { return self.localLabels }
        var labels = self.configuration.localLabels
        labels.principal = id.description
        let interned = self.telemetry.peer(labels)
        self.provenLabels = interned
        return interned
    }

    /// For the `date` of an answer.
    func dateText(at now: NIODeadline) -> String { self.dateHeader.text(at: self.wallClock.nanoseconds(at: now)) }

    /// The time, also for whoever comes after in the same call and need not look again: a look at the clock takes 35 ns.
    func lookAtClock() -> NIODeadline {
        let now = NIODeadline.now()
        self.lastLook = now
        return now
    }

    func apply(_ compiled: CompiledSnapshot) {
        let before = self.compiled
        self.compiled = compiled
        self.operatorLogs = [:]
        self.stats.apply(compiled.listeners.values)
        for (name, cluster) in compiled.snapshot.clusters {
            let state: ClusterState
            if let known = self.clusters[name] {
                state = known
            } else {
                guard let counters = compiled.counters[name], let outliers = compiled.outliers[name] else { continue }
                state = ClusterState(cluster: cluster, counters: counters, outliers: outliers, worker: self)
                self.clusters[name] = state
            }
            state.apply(cluster, compiled.snapshot.endpoints(of: cluster))
        }
        for (name, state) in self.clusters where compiled.snapshot.clusters[name] == nil {
            state.retire()
            self.clusters[name] = nil
        }
        self.goneListeners = before.listeners.filter { compiled.listeners[$0.key] == nil }
        self.clusterCache.clear()
        // Connections of a listener that changed take its new rules, or finish what they do and then close.
        for (name, listener) in before.listeners where compiled.listeners[name] !== listener {
            for connection in self.connections.values where connection.listener === listener {
                if let changed = compiled.listeners[name], connection.adopt(changed) { continue }
                connection.drainWithListener()
            }
        }
    }

    /// For a connection that its socket has just taken.
    func listener(_ name: String) -> CompiledListener? { self.compiled.listeners[name] ?? self.goneListeners[name] }

    /// The cluster that a route forwards to; nil if there is none of the name.
    func cluster(of target: CompiledTarget) -> ClusterState? {
        if let known = self.clusterCache.find(target) { return known }
        guard let cluster = self.clusters[target.name] else { return nil }
        self.clusterCache.insert(cluster, for: target)
        return cluster
    }

    func router(of chain: CompiledChain) -> Router? {
        if let router = chain.inlineRouter { return router }
        guard let name = chain.manager.routeTable else { return nil }
        return self.compiled.routers[name]
    }

    // MARK: Connections

    /// Waited for until it is `opened` or closes.
    func arrived(_ channel: any Channel) -> Arrival {
        let key = ObjectIdentifier(channel)
        let arrival = Arrival(channel)
        self.arriving[key] = arrival
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            arrival.ended()
            guard self.arriving.removeValue(forKey: key) != nil else { return }
            self.finishDrainIfFree()
        }
        return arrival
    }

    func opened(_ connection: DownstreamConnection, _ channel: any Channel) {
        self.arriving[ObjectIdentifier(channel)] = nil
        self.connections[ObjectIdentifier(connection)] = connection
        if self.isDraining { return connection.drainWithListener() }
        // Its listener may have changed while it arrived.
        let now = self.compiled.listeners[connection.listener.listener.name]
        guard now !== connection.listener else { return }
        if let now, connection.adopt(now) { return }
        connection.drainWithListener()
    }

    func closed(_ connection: DownstreamConnection) {
        self.connections[ObjectIdentifier(connection)] = nil
        self.finishDrainIfFree()
    }

    func makeConnectionID() -> UInt64 {
        self.nextConnectionID &+= 1
        return self.nextConnectionID
    }

    var connectionCount: Int { self.connections.count }

    /// From now on every answer is its connection's last one; new connections are still served.
    func startDraining() {
        self.isDraining = true
        for connection in self.connections.values { connection.drainWithListener() }
    }

    /// Calls `done` when the last connection has gone.
    ///
    /// - Parameter idleLimit: Connections that nothing is asked on are closed after this time.
    func drain(idleLimit: TimeAmount, _ done: @escaping () -> Void) {
        self.idleDrainLimit = idleLimit
        self.onIdle = done
        self.startDraining()
        self.finishDrainIfFree()
    }

    /// A log of nothing but this operator, for values of headers; nil for one that there is not.
    func operatorLog(_ command: String) -> CompiledAccessLog? {
        if let known = self.operatorLogs[command] { return known }
        var configuration = AccessLogConfiguration(path: "", format: .text("%\(command)%"))
        configuration.omitsEmpty = true
        let made = try? CompiledAccessLog(configuration)
        self.operatorLogs[command] = made
        return made
    }

    /// Writes one line, with the lines of other requests, within a moment.
    func log(to path: String, _ write: (inout LogLine) -> Void) {
        if self.telemetry.log(to: path, write) {
            _ = self.timers.schedule(self, .logFlush, after: Self.logDelay)
        }
    }

    /// - Parameter request: Nil for a connection without HTTP.
    func log(
        _ entry: borrowing AccessLogEntry, to logs: [CompiledAccessLog], request: RequestHead? = nil,
        response: ResponseHead? = nil, isSecure: Bool
    ) {
        for log in logs where log.takes(entry, request: request, isSecure: isSecure, random: { self.random.next() }) {
            self.log(to: log.path) { line in
                log.write(entry, request: request, response: response, isSecure: isSecure, to: &line)
            }
        }
    }

    /// How long a log line waits for others at most.
    private static let logDelay = TimeAmount.milliseconds(100)

    func stop() {
        for connection in self.connections.values { connection.abort() }
        for arrival in self.arriving.values { arrival.channel.close(promise: nil) }
        for state in self.clusters.values {
            for endpoint in state.allEndpoints { endpoint.pools.closeAll() }
        }
        self.telemetry.flushLogs()
        self.finishDrain()
    }

    private func finishDrainIfFree() {
        if self.connections.isEmpty, self.arriving.isEmpty { self.finishDrain() }
    }

    private func finishDrain() {
        guard let done = self.onIdle else { return }
        self.onIdle = nil
        self.telemetry.flushLogs()
        done()
    }
}

extension ProxyWorker: TimerTarget {
    func timerFired(_ kind: TimerKind) { self.telemetry.flushLogs() }
}
