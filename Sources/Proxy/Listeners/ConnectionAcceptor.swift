// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import NIOTLS
import ProxyCore
import ProxyModel

/// Takes a new connection from its first byte to the handlers that serve it: inspection, filter chain, TLS, then HTTP or TCP.
enum ConnectionAcceptor {
    /// On the connection's loop, as it is accepted.
    static func accept(_ channel: any Channel, listener: String, worker: ProxyWorker) throws {
        guard var compiled = worker.listener(listener) else { return channel.close(promise: nil) }
        let arrival = worker.arrived(channel)
        arrival.taken(by: compiled, worker: worker)
        let ends = ConnectionEnds(local: channel.localAddress, remote: channel.remoteAddress)
        var inspection = ConnectionInspection(compiled.listener.listenerFilters, ends: ends)
        var nothing = ByteBuffer()
        while true {
            switch inspection.advance(&nothing, originalDestination: { OriginalDestination.of(channel) }) {
            case .needsMore:
                let inspector = ConnectionInspector(inspection, listener: compiled, worker: worker, arrival: arrival)
                return try channel.pipeline.syncOperations.addHandler(inspector)
            case .refused:
                worker.stats.listener(compiled).inspectionErrors &+= 1
                return channel.close(promise: nil)
            case .finished: break
            }
            guard let other = Self.heir(of: compiled, inspection, worker) else {
                return try Self.serve(arrival, inspection, compiled, worker)
            }
            compiled = other
            arrival.taken(by: other, worker: worker)
            inspection.restart(other.listener.listenerFilters)
        }
    }

    /// The listener that a redirected connection was meant for; nil: the one that took it goes on.
    static func heir(of listener: CompiledListener, _ inspection: ConnectionInspection, _ worker: ProxyWorker) -> CompiledListener?
    {
        guard listener.listener.handsOverRedirected, inspection.ends.isRestored, let end = inspection.ends.local?.endpoint,
            let other = worker.compiled.listener(at: end), other.listener.name != listener.listener.name
        else { return nil }
        // What it hands over itself is not handed over again: the way has an end.
        return other.listener.handsOverRedirected ? nil : other
    }

    static func serve(
        _ arrival: Arrival, _ inspection: ConnectionInspection, _ inspected: CompiledListener, _ worker: ProxyWorker
    ) throws {
        let facts = inspection.facts
        // It may have changed while the first bytes were waited for. One that has gone still serves whom it has accepted.
        let compiled = worker.compiled.listeners[inspected.listener.name] ?? inspected
        let channel = arrival.channel
        arrival.record?.ends = inspection.ends
        arrival.record?.serverName = facts.serverName
        guard let chain = compiled.chain(facts) else {
            worker.stats.listener(compiled).withoutChain &+= 1
            arrival.record?.hasNoChain = true
            return channel.close(promise: nil)
        }
        let connection = DownstreamConnection(
            worker: worker, listener: compiled, chain: chain, facts: facts, ends: inspection.ends, record: arrival.record)
        arrival.connection = connection
        let pipeline = channel.pipeline.syncOperations
        if let tls = chain.chain.tls {
            try pipeline.addHandler(NIOSSLServerHandler(context: try worker.vault.serverContext(tls)))
            let timeout = chain.chain.transportTimeout.map { TimeAmount($0) } ?? .seconds(15)
            try pipeline.addHandler(ServerHandshake(connection: connection, verifier: chain.peerVerifier, timeout: timeout))
            try channel.syncOptions?.setOption(.autoRead, value: true)
        }
        switch chain.chain.terminal {
        case .http(let manager):
            let makeSession: (HTTPCodecSelector.Choice) -> any ChannelHandler = { choice in
                switch choice {
                case .http1: HTTP1Session(connection: connection, limits: chain.limits)
                case .http2: HTTP2Session(connection: connection, limits: chain.http2Limits)
                }
            }
            switch manager.codec {
            case .http1: try pipeline.addHandler(makeSession(.http1))
            case .http2: try pipeline.addHandler(makeSession(.http2))
            case .automatic:
                let timeout = [chain.manager.idleTimeout, chain.manager.maxConnectionDuration].compactMap { $0 }.min()
                try pipeline.addHandler(
                    HTTPCodecSelector(
                        isTLS: connection.isTLS, timeout: timeout, onTimeout: { connection.stats.idleTimeouts &+= 1 },
                        makeSession: makeSession))
            }
        case .tcp(let proxy):
            try pipeline.addHandler(TCPSession(connection: connection, proxy: proxy))
        }
    }
}
