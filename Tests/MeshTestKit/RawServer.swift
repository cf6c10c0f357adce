// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server of a test: takes connections and leaves to the test what is said on them, and when.
package final class RawServer: Sendable {
    private let listener: any Channel
    private let accepted: Accepted

    private final class Accepted: Sendable {
        let connections = Mutex<[RawConnection]>([])
    }

    /// - Parameter reads: Whether connections take what comes; else only from `startReading` on.
    package init(reads: Bool = true) async throws {
        let accepted = Accepted()
        self.accepted = accepted
        self.listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: reads)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = RawCollector()
                    try channel.pipeline.syncOperations.addHandler(RawCollectingHandler(collector))
                    accepted.connections.withLock { $0.append(RawConnection(channel: channel, collector: collector)) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    package var port: Int { self.listener.localAddress?.port ?? 0 }

    /// Accepted so far.
    package var connections: [RawConnection] { self.accepted.connections.withLock { $0 } }

    /// The one with this number, from 0, once it has been accepted.
    package func connection(_ number: Int, within limit: Duration = .seconds(10)) async throws -> RawConnection {
        let deadline = ContinuousClock.now + limit
        while true {
            let connections = self.connections
            if connections.indices.contains(number) { return connections[number] }
            guard ContinuousClock.now < deadline else { throw WaitTimeout(description: "waited for connection \(number)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    package func stop() async {
        try? await self.listener.close()
        for connection in self.connections { await connection.close() }
    }
}
