// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Idle keep-alive connections by address: the last one given back is taken first.
final class ConnectionPool: Sendable {
    private let idle = Mutex<[OutboundProxy.Address: [any Channel]]>([:])

    func execute(_ head: HTTPRequestHead, at address: OutboundProxy.Address, deadline: TimeAmount) async throws
        -> HTTPExchange.Response
    {
        if let channel = takeIdle(address) {
            // The peer may have closed it meanwhile: then once more on a fresh connection.
            if let response = try? await execute(head, on: channel, address: address, deadline: deadline) { return response }
        }
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler())
                }
            }
            .connect(host: address.host, port: address.port).get()
        return try await execute(head, on: channel, address: address, deadline: deadline)
    }

    private func execute(
        _ head: HTTPRequestHead, on channel: any Channel, address: OutboundProxy.Address, deadline: TimeAmount
    ) async throws -> HTTPExchange.Response {
        let promise = channel.eventLoop.makePromise(of: HTTPExchange.Response.self)
        let timer = channel.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
        defer { timer.cancel() }
        channel.writeAndFlush(HTTPExchange(head: head, response: promise), promise: nil)
        let response = try await promise.futureResult.get()
        if response.keepsConnection { giveBack(channel, address) }
        return response
    }

    private func takeIdle(_ address: OutboundProxy.Address) -> (any Channel)? {
        idle.withLock { idle in
            while let channel = idle[address]?.popLast() {
                if channel.isActive { return channel }
            }
            return nil
        }
    }

    private func giveBack(_ channel: any Channel, _ address: OutboundProxy.Address) {
        idle.withLock { $0[address, default: []].append(channel) }
    }
}
