// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// One TCP connection of a test: what is sent is bytes, what comes back is kept.
package struct RawConnection: Sendable {
    private let channel: any Channel
    private let collector: RawCollector

    package static func open(host: String = "127.0.0.1", port: Int) async throws -> RawConnection {
        try await Self.open(try SocketAddress(ipAddress: host, port: port))
    }

    package static func open(path: String) async throws -> RawConnection {
        try await Self.open(try SocketAddress(unixDomainSocketPath: path))
    }

    private static func open(_ address: SocketAddress) async throws -> RawConnection {
        let collector = RawCollector()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RawCollectingHandler(collector))
                }
            }
            .connect(to: address).get()
        return RawConnection(channel: channel, collector: collector)
    }

    package func send(_ bytes: [UInt8]) async throws { try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    package func send(_ text: String) async throws { try await self.send(Array(text.utf8)) }

    /// What has come when `isEnough` first holds, when the peer has closed, or when the time is over.
    package func receive(within limit: Duration, until isEnough: (RawAnswer) -> Bool) async -> RawAnswer {
        let deadline = ContinuousClock.now + limit
        while true {
            let answer = self.collector.answer
            if answer.isClosed || isEnough(answer) || ContinuousClock.now >= deadline { return answer }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    package func close() async { try? await self.channel.close() }

    /// Sends, and receives until the peer closes.
    package static func exchange(_ text: String, port: Int, within limit: Duration = .seconds(10)) async throws -> RawAnswer {
        let connection = try await Self.open(port: port)
        try await connection.send(text)
        let answer = await connection.receive(within: limit) { _ in false }
        await connection.close()
        return answer
    }
}
