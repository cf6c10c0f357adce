// SPDX-License-Identifier: Apache-2.0
package import Logging
package import NIOCore
package import Observability
package import ProxyModel
package import Sockets
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The data plane: runs snapshots on the loops of a group.
///
/// `apply` swaps everything at once; listeners whose address stays keep their socket, so no connection attempt is lost.
package final class ProxyServer: Sendable {
    package let certificates = CertificateVault()

    private struct Socket {
        var listening: ListeningSocket
        var address: ProxySocketAddress
    }

    private struct State {
        var compiled = CompiledSnapshot.empty
        var sockets: [String: Socket] = [:]
        var counts = ConfigurationCounts()
        /// Nothing is listened on any more, whatever a later snapshot says.
        var isStopped = false
    }

    private let group: SocketLoopGroup
    private let workers: [NIOLoopBound<ProxyWorker>]
    private let stats = StatRegistry()
    private let byLoop: [ObjectIdentifier: Int]
    private let clock: MonotonicClock
    private let hosts: HostDirectory
    private let logger: Logger
    private let state = Mutex(State())

    package init(
        group: SocketLoopGroup, configuration: ProxyConfiguration, accessLog: (any AccessLogOutput)? = nil,
        clock: MonotonicClock = .system, resolver: any HostResolver = SystemResolver(), logger: Logger
    ) async throws {
        self.group = group
        self.clock = clock
        let hosts = HostDirectory(resolver: resolver)
        self.hosts = hosts
        self.logger = logger
        let vault = self.certificates
        let all = WorkerSet()
        var workers: [NIOLoopBound<ProxyWorker>] = []
        var byLoop: [ObjectIdentifier: Int] = [:]
        for loop in group.loops {
            let index = workers.count
            byLoop[ObjectIdentifier(loop)] = workers.count
            workers.append(
                try await loop.submit {
                    NIOLoopBound(
                        ProxyWorker(
                            eventLoop: loop, others: all, hosts: hosts, index: index, vault: vault,
                            configuration: configuration,
                            accessLog: accessLog),
                        eventLoop: loop)
                }.get())
        }
        all.fill(workers)
        self.workers = workers
        self.byLoop = byLoop
    }

    private func onEachLoop<T: Sendable>(_ body: @escaping @Sendable (ProxyWorker) -> T) async -> [T] {
        var results: [T] = []
        for worker in self.workers {
            if let value = try? await worker.eventLoop.submit({ body(worker.value) }).get() { results.append(value) }
        }
        return results
    }

    // MARK: Configuration

    /// Runs `snapshot`. If it throws, what ran before goes on unchanged. Calls must not overlap.
    package func apply(_ snapshot: ProxySnapshot) async throws {
        let previous = self.state.withLock { $0.compiled }
        let compiled = try CompiledSnapshot(snapshot, previous: previous, clock: self.clock, stats: self.stats)
        let prepared = try self.certificates.prepare(snapshot, logger: self.logger)
        try? await self.hosts.prepare(snapshot, on: self.group.next(), within: .seconds(1)).get()
        let (bound, isStopped) = self.state.withLock { ($0.sockets.mapValues { $0.address }, $0.isStopped) }
        var fresh: [String: Socket] = [:]
        let secretsBefore = self.certificates.commit(prepared)
        // Loops know a listener before it accepts, and forget it after it has stopped.
        _ = await self.onEachLoop { $0.apply(compiled) }
        do {
            for (name, listener) in snapshot.listeners
            where listener.bindsToPort && bound[name] != listener.address && !isStopped {
                fresh[name] = Socket(listening: try await self.bind(listener), address: listener.address)
            }
        } catch {
            self.certificates.commit(secretsBefore)
            _ = await self.onEachLoop { $0.apply(previous) }
            for socket in fresh.values { await socket.listening.close() }
            throw error
        }
        let stopped = self.state.withLock { state -> [ListeningSocket] in
            var stopped: [ListeningSocket] = []
            for (name, socket) in state.sockets where snapshot.listeners[name]?.bindsToPort != true || fresh[name] != nil {
                stopped.append(socket.listening)
            }
            state.sockets = state.sockets.filter { snapshot.listeners[$0.key]?.bindsToPort == true }.merging(fresh) { $1 }
            state.counts.count(from: state.compiled.snapshot, to: compiled.snapshot)
            state.compiled = compiled
            return stopped
        }
        for socket in stopped { await socket.close() }
    }

    /// Connections that the system holds while no loop has taken them.
    private static let backlog: CInt = 1024

    private func bind(_ listener: Listener) async throws -> ListeningSocket {
        guard let address = SocketAddress(listener.address) else {
            throw ProxyApplyError(subject: "listener \(listener.name)", reason: "\(listener.address) is not an address")
        }
        let name = listener.name
        let workers = self.workers
        let byLoop = self.byLoop
        do {
            // A socket file that is left from an earlier run is in the way; whoever still listens on it loses it, as with Envoy.
            let socket = try await ListeningSocket.bind(
                address, backlog: Self.backlog, group: self.group, replacesSocketFile: true, takesIPv4: listener.takesIPv4
            ) { channel in
                guard let index = byLoop[ObjectIdentifier(channel.loop)] else { return channel.close(promise: nil) }
                try ConnectionAcceptor.accept(channel, listener: name, worker: workers[index].value)
            }
            if let path = address.pathname, let mode = listener.socketMode, chmod(path, mode_t(mode)) != 0 {
                let code = errno
                await socket.close()
                throw IOError(errnoCode: code, reason: "chmod")
            }
            return socket
        } catch {
            throw ProxyApplyError(subject: "listener \(listener.name)", reason: "cannot listen on \(listener.address): \(error)")
        }
    }

    /// Whether `snapshot` could be run, as far as that can be said without running it.
    ///
    /// - Parameter needsFiles: Files of certificates that cannot be read are a mistake, not only something to be told of.
    package static func check(_ snapshot: ProxySnapshot, needsFiles: Bool) throws(ProxyApplyError) {
        _ = try CompiledSnapshot(snapshot, previous: .empty, clock: .system, stats: StatRegistry())
        try CertificateVault().check(snapshot, needsFiles: needsFiles)
    }

    // MARK: Looking at it

    package var boundListeners: [BoundListener] {
        self.state.withLock { state in
            state.sockets.map { name, socket in
                BoundListener(
                    name: name, address: socket.listening.address.text, port: socket.listening.address.port ?? 0)
            }.sorted { $0.name < $1.name }
        }
    }

    package func telemetry() async -> MetricSnapshot {
        var merged = MetricSnapshot()
        var blocks: [StatBlock] = []
        for (snapshot, counted) in await self.onEachLoop({ ($0.telemetry.snapshot(), $0.statBlocks()) }) {
            merged.merge(snapshot)
            blocks += counted
        }
        blocks += self.state.withLock { state in
            state.counts.blocks(
                listening: state.compiled.snapshot.listeners.count, clusters: state.compiled.snapshot.clusters.count)
        }
        merged.stats = (self.stats.samples() + blocks.merged()).sorted { $0.name.text < $1.name.text }
        return merged
    }

    package func clusterStatus() async -> [ClusterStatus] {
        var merged: [String: ClusterStatus] = [:]
        for status in await self.onEachLoop({ $0.clusterStatus() }).joined() {
            guard var known = merged[status.name] else {
                merged[status.name] = status
                continue
            }
            for endpoint in status.endpoints {
                if let index = known.endpoints.firstIndex(where: { $0.address == endpoint.address }) {
                    known.endpoints[index].merge(endpoint)
                } else {
                    known.endpoints.append(endpoint)
                }
            }
            merged[status.name] = known
        }
        return merged.values.sorted { $0.name < $1.name }
    }

    package func connectionCount() async -> Int { await self.onEachLoop { $0.connectionCount }.reduce(0, +) }

    // MARK: End

    /// As Envoy's graceful drain: for `time` new connections are still taken, but every answer asks its client to go. Then nothing is
    /// listened on any more; connections that are still there go on until they have nothing to do.
    package func drainListeners(over time: Duration) async {
        _ = await self.onEachLoop { $0.startDraining() }
        try? await Task.sleep(for: time)
        await self.stopListening()
    }

    /// Stops accepting, lets what runs finish, and closes what has not after `timeout`; what does not run anything, after half of it.
    package func drain(timeout: TimeAmount) async {
        await self.stopListening()
        await withTaskGroup(of: Void.self) { tasks in
            for worker in self.workers {
                let loop = worker.eventLoop
                let done = loop.makePromise(of: Void.self)
                let timer = loop.scheduleTask(in: timeout) { worker.value.stop() }
                loop.execute { worker.value.drain(idleLimit: .nanoseconds(timeout.nanoseconds / 2)) { done.succeed() } }
                tasks.addTask {
                    try? await done.futureResult.get()
                    timer.cancel()
                }
            }
        }
        await self.stop()
    }

    package func stop() async {
        await self.stopListening()
        _ = await self.onEachLoop { $0.stop() }
    }

    /// Takes no new connections; those that are there go on.
    package func stopListening() async {
        let sockets = self.state.withLock { state in
            let sockets = state.sockets.values.map(\.listening)
            state.sockets = [:]
            state.isStopped = true
            return sockets
        }
        for socket in sockets { await socket.close() }
    }
}
