// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// Answers each request with what it got, in a form that `answer=` in the target chooses.
struct EchoUpstream {
    /// Begins every body that says what arrived.
    static let mark = "received "

    private let channel: any Channel

    var port: Int { self.channel.localAddress?.port ?? 0 }

    static func start(isHTTP2: Bool = false) async throws -> EchoUpstream {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isHTTP2 {
                        try channel.pipeline.syncOperations.addHandler(HTTP2EchoHandler())
                    } else {
                        try channel.pipeline.syncOperations.addHandler(EchoHandler())
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return EchoUpstream(channel: channel)
    }

    func stop() async { try? await self.channel.close() }
}
