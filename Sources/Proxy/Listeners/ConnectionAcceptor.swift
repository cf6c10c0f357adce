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
        guard !worker.isDraining, let compiled = worker.compiled.listeners[listener] else { return channel.close(promise: nil) }
        guard compiled.listener.inspectsTLS else { return try Self.serve(channel, facts: Self.facts(channel), compiled, worker) }
        let timeout = compiled.listener.inspectionTimeout.map { TimeAmount($0) } ?? .seconds(15)
        let continues = compiled.listener.continuesOnInspectionTimeout
        let inspector = ConnectionInspector(timeout: timeout) { inspection, channel in
            var facts = Self.facts(channel)
            switch inspection {
            case .hello(let hello)?:
                facts.isTLS = true
                facts.serverName = hello.serverName
                facts.applicationProtocols = hello.applicationProtocols
            case .notTLS?, .needsMore?: break
            case nil: if !continues { return channel.close(promise: nil) }
            }
            do { try Self.serve(channel, facts: facts, compiled, worker) } catch { channel.close(promise: nil) }
        }
        try channel.pipeline.syncOperations.addHandler(inspector)
    }

    private static func facts(_ channel: any Channel) -> ConnectionFacts {
        ConnectionFacts(
            destinationAddress: channel.localAddress?.ipAddress.flatMap { IPAddressBytes.parse($0) },
            destinationPort: channel.localAddress?.port ?? 0,
            sourceAddress: channel.remoteAddress?.ipAddress.flatMap { IPAddressBytes.parse($0) },
            sourcePort: channel.remoteAddress?.port ?? 0)
    }

    private static func serve(
        _ channel: any Channel, facts: ConnectionFacts, _ compiled: CompiledListener, _ worker: ProxyWorker
    ) throws {
        guard let chain = compiled.chain(facts) else { return channel.close(promise: nil) }
        let connection = DownstreamConnection(worker: worker, listener: compiled, chain: chain, facts: facts, channel: channel)
        let pipeline = channel.pipeline.syncOperations
        if let tls = chain.chain.tls {
            try pipeline.addHandler(NIOSSLServerHandler(context: try worker.vault.serverContext(tls)))
            let timeout = chain.chain.transportTimeout.map { TimeAmount($0) } ?? .seconds(15)
            try pipeline.addHandler(ServerHandshake(connection: connection, names: chain.peerNames, timeout: timeout))
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
                try pipeline.addHandler(
                    HTTPCodecSelector(isTLS: connection.isTLS, timeout: connection.idleTimeout, makeSession: makeSession))
            }
        case .tcp(let proxy):
            try pipeline.addHandler(TCPSession(connection: connection, proxy: proxy))
        }
    }
}
