// SPDX-License-Identifier: Apache-2.0
import GRPCCore
import GRPCNIOTransportHTTP2
import NIOCore

extension ServerTransport where Self == HTTP2ServerTransport.Posix {
    /// The transport of a discovery server, with its limits. With `tls`, TLS is put below it on each connection.
    static func discovery(
        _ address: GRPCNIOTransportCore.SocketAddress, _ configuration: XDSServerConfiguration, tls: OptionalClientTLS?
    ) -> HTTP2ServerTransport.Posix {
        let config = HTTP2ServerTransport.Posix.Config.defaults { config in
            config.rpc.maxRequestPayloadSize = configuration.maximumMessageSize
            config.http2.maxConcurrentStreams = configuration.maximumStreamsPerConnection
            config.http2.targetWindowSize = 1024 * 1024
            // Streams are ended first; a client that keeps its end of a connection open must not hold up the stop.
            config.connection.maxGraceTime = .seconds(1)
            config.connection.keepalive.time = configuration.keepaliveTime
            config.connection.keepalive.timeout = configuration.keepaliveTimeout
            config.connection.keepalive.clientBehavior.allowWithoutCalls = true
            config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(5)
            if let tls {
                config.channelDebuggingCallbacks.onAcceptTCPConnection = { channel in
                    channel.eventLoop.makeCompletedFuture { try tls.install(in: channel) }
                }
            }
        }
        return HTTP2ServerTransport.Posix(address: address, transportSecurity: .plaintext, config: config)
    }
}
