// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// A port of 127.0.0.1 that is taken while this lives.
final class LoopbackListener: Sendable {
    private let channel: any Channel
    let port: Int

    init() async throws {
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws { try await channel.close() }
}
