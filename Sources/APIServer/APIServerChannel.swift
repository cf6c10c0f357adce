// SPDX-License-Identifier: Apache-2.0
import HummingbirdCore
import Logging
import NIOCore

/// A connection to the resource API: HTTP/1.1 over TLS, whose certificate is looked up anew for each connection, which is what
/// Hummingbird's own TLS channel does not do.
struct APIServerChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let tls: ServingTLS
    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // A caller that has stopped sending has left: nothing else would tell a watch so.
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            try channel.pipeline.syncOperations.addHandlers([PlaintextRefusal(), tls.handler()])
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
