// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOPosix

/// One TCP connection of a test: what is sent is bytes, what comes back is kept.
package struct RawConnection: Sendable {
    private let channel: any Channel
    private let collector: RawCollector

    init(channel: any Channel, collector: RawCollector) {
        self.channel = channel
        self.collector = collector
    }

    /// - Parameter reads: Whether it takes what comes; else, with little room in the kernel, only from `startReading` on.
    package static func open(host: String = "127.0.0.1", port: Int, reads: Bool = true) async throws -> RawConnection {
        try await Self.open(try SocketAddress(ipAddress: host, port: port), reads: reads)
    }

    package static func open(path: String) async throws -> RawConnection {
        try await Self.open(try SocketAddress(unixDomainSocketPath: path))
    }

    private static func open(_ address: SocketAddress, reads: Bool = true) async throws -> RawConnection {
        let collector = RawCollector()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if !reads {
            bootstrap = bootstrap.channelOption(.autoRead, value: false).channelOption(.socketOption(.so_rcvbuf), value: 65_536)
        }
        let channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RawCollectingHandler(collector))
                }
            }
            .connect(to: address).get()
        return RawConnection(channel: channel, collector: collector)
    }

    package func send(_ bytes: [UInt8]) async throws { try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Sends `bytes` and says that nothing more will come, in one segment: who reads the bytes can read their end with them.
    package func sendLast(_ bytes: [UInt8]) async throws {
        let cork = NIOBSDSocket.Option(rawValue: CInt(TCP_CORK))
        try await self.channel.setOption(ChannelOptions.Types.SocketOption(level: .tcp, name: cork), value: 1).get()
        try await self.send(bytes)
        try await self.finishOutput()
    }

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

    package func startReading() async throws { try await self.channel.setOption(.autoRead, value: true).get() }

    /// What has come so far.
    package var answer: RawAnswer { self.collector.answer }

    /// What has come once it holds `part`; the test fails where that does not happen.
    @discardableResult
    package func receive(_ part: String, within limit: Duration = .seconds(10)) async throws -> RawAnswer {
        let answer = await self.receive(within: limit) { $0.text.contains(part) }
        guard answer.text.contains(part) else { throw WaitTimeout(description: "waited for \(part); got \(answer)") }
        return answer
    }

    /// What has come once the peer has closed.
    package func receiveAll(within limit: Duration = .seconds(10)) async throws -> RawAnswer {
        let answer = await self.receive(within: limit) { _ in false }
        guard answer.isClosed else { throw WaitTimeout(description: "waited for the end; got \(answer.text.prefix(2000))") }
        return answer
    }

    /// Says that nothing more will come; what the peer still says is received.
    package func finishOutput() async throws { try await self.channel.close(mode: .output) }

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
