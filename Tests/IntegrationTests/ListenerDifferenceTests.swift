// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Testing

extension IntegrationSuite {
    /// What listeners make of first bytes: the same as a stock Envoy, from the same bootstrap.
    @Suite(.enabled(if: BuiltPrograms.envoy != nil, "envoy is not installed"))
    struct ListenerDifferenceTests {
        @Test func `first bytes mean the same to Envoy and to us`() async throws {
            try await ProcessRig.with { rig in
                let group = MultiThreadedEventLoopGroup.singleton
                var upstreams: [String: Int] = [:]
                for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
                    let server = try await ServerBootstrap(group: group)
                        .childChannelInitializer { channel in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(NamedEcho("\(name):"))
                            }
                        }
                        .bind(host: "127.0.0.1", port: 0).get()
                    upstreams[name] = server.localAddress?.port ?? 0
                }
                let yaml = ListenerBootstrap(upstreams: upstreams).yaml
                let envoy = try await rig.startProxy(
                    "envoy", bootstrap: yaml, program: "envoy", arguments: ["--disable-hot-restart"])
                let malla = try await rig.startProxy("malla", bootstrap: yaml)
                let port = upstreams["b"] ?? 0
                let different = try await withThrowingTaskGroup(of: String?.self) { tasks in
                    for listed in ListenerCase.all {
                        let test = listed.replacingPort(with: port)
                        tasks.addTask {
                            let expected = try await Self.outcome(of: test, port: envoy[test.listener] ?? 0)
                            let found = try await Self.outcome(of: test, port: malla[test.listener] ?? 0)
                            if (expected == found) == (test.difference == nil) { return nil }
                            let sent = String(decoding: test.bytes, as: UTF8.self).debugDescription
                            return "\(test.listener) \(sent): Envoy \(expected), malla \(found)"
                        }
                    }
                    return try await tasks.reduce(into: [String]()) { if let line = $1 { $0.append(line) } }
                }
                #expect(different == [], "\(different.joined(separator: "\n"))")
                print("\(ListenerCase.all.count) beginnings of connections, \(different.count) differences")
            }
        }

        /// What comes back, and whether the connection is closed then.
        private static func outcome(of test: ListenerCase, port: Int) async throws -> String {
            let connection = try await RawConnection.open(port: port)
            if !test.bytes.isEmpty { try? await connection.send(test.bytes) }
            let answer = await connection.receive(within: .seconds(1)) { _ in false }
            await connection.close()
            return "\(answer.text.debugDescription)\(answer.isClosed ? " closed" : "")"
        }
    }
}

/// Says its name, then what it hears.
private final class NamedEcho: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let name: String

    init(_ name: String) { self.name = name }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.name)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(self.wrapOutboundOut(self.unwrapInboundIn(data)), promise: nil)
    }
}
