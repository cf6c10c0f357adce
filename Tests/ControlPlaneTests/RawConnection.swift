// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import NIOSSL

/// A connection on which a test decides what goes over it, byte by byte.
struct RawConnection {
    private var input: AsyncStream<ByteBuffer>.Iterator
    private let output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    /// Everything that has arrived and was not yet taken.
    private(set) var received = ""

    /// - Parameter tls: Nil for plain TCP.
    static func open<Result: Sendable>(
        port: Int, tls: (@Sendable () throws -> NIOSSLClientHandler)? = nil, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(tls()) }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { input, output in
            let (parts, feed) = AsyncStream<ByteBuffer>.makeStream()
            async let _: Void = {
                do { for try await part in input { feed.yield(part) } } catch {}
                feed.finish()
            }()
            var connection = RawConnection(input: parts.makeAsyncIterator(), output: output)
            return try await body(&connection)
        }
    }

    /// Trusts the authorities in the PEM file, or everybody.
    static func tls(trusting file: String?) throws -> @Sendable () throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file { configuration.trustRoots = .file(file) } else { configuration.certificateVerification = .none }
        let context = try NIOSSLContext(configuration: configuration)
        return { try NIOSSLClientHandler(context: context, serverHostname: nil) }
    }

    func send(_ text: String) async throws { try await output.write(ByteBuffer(string: text)) }

    /// All up to the end of `mark`, or, when the peer closes first, all there was.
    mutating func read(through mark: String) async throws -> String {
        while true {
            if let range = received.firstRange(of: mark) {
                defer { received = String(received[range.upperBound...]) }
                return String(received[..<range.upperBound])
            }
            guard let part = await input.next(isolation: #isolation) else {
                defer { received = "" }
                return received
            }
            received += String(buffer: part)
        }
    }

    /// Until the peer closes.
    mutating func readToEnd() async throws -> String { try await read(through: "\u{0}never sent\u{0}") }
}
