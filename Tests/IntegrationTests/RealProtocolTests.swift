// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import NIOCore
import NIOPosix
import Processes
import Testing

extension IntegrationSuite {
    /// Databases and their own clients, through two proxies with mutual TLS between them.
    @Suite(.enabled(if: MutualTLSChain.isPossible, "openssl is not installed"))
    struct RealProtocolTests {
        private static let mutualTLS = "peer=spiffe://cluster.local/ns/default/sa/client flags=-"

        // MARK: Redis

        static let redis = BuiltPrograms.onPath("redis-server") != nil && BuiltPrograms.onPath("redis-cli") != nil

        @Test(.enabled(if: redis, "redis-server and redis-cli are not installed"))
        func `redis-cli speaks to redis`() async throws {
            try await ProcessRig.with { rig in
                let port = try DemoControl.withFreePort().port
                try await rig.start(
                    ["redis-server", "--port", "\(port)", "--save", "", "--appendonly", "no", "--dir", rig.directory], log: "redis")
                let chain = try await MutualTLSChain.start(rig, server: port)
                func cli(_ command: String) async throws -> String {
                    try await rig.run(["sh", "-c", "redis-cli -p \(chain.outbound) \(command)"])
                        .trimmingCharacters(in: .whitespacesAndNewlines)
                }
                try await waitUntil("redis", within: .seconds(20)) { try await cli("PING") == "PONG" }
                #expect(try await cli("SET greeting hello") == "OK")
                #expect(try await cli("GET greeting") == "hello")
                // Large values both ways, whole.
                let large = "\(rig.directory)/large"
                try Data((0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }).write(to: URL(filePath: large))
                #expect(try await cli("-x SET large < \(large)") == "OK")
                #expect(try await cli("STRLEN large") == "8000000")
                #expect(try await cli("--raw GET large | head -c 8000000 | cmp - \(large) && echo same") == "same")
                // Many commands in flight at once.
                try rig.write(String(repeating: "INCR counter\r\n", count: 20_000), to: "commands")
                #expect(try await cli("--pipe < \(rig.directory)/commands").contains("errors: 0, replies: 20000"))
                #expect(try await cli("GET counter") == "20000")
                try await waitUntil("the server's proxy to say who called", within: .seconds(5)) {
                    rig.text("server.log").contains(Self.mutualTLS)
                }
                print("redis through two proxies: 8,000,000 bytes both ways, 20,000 commands in flight")
            }
        }

        // MARK: PostgreSQL

        /// Debian keeps the server's programs out of PATH.
        private static let postgres = ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin"]
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
        static let hasPostgres = postgres != nil && BuiltPrograms.onPath("psql") != nil && BuiltPrograms.onPath("setpriv") != nil

        @Test(.enabled(if: hasPostgres, "PostgreSQL (server and psql) is not installed"))
        func `psql speaks to PostgreSQL`() async throws {
            try await ProcessRig.with { rig in
                let programs = try #require(Self.postgres)
                let port = try DemoControl.withFreePort().port
                let data = "\(rig.directory)/data"
                try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
                // It does not run as root.
                var prefix: [String] = []
                if geteuid() == 0 {
                    _ = try await rig.run(["chown", "nobody", data])
                    prefix = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
                }
                _ = try await rig.run(prefix + ["\(programs)/initdb", "-D", data, "-U", "tester", "--auth=trust", "-N"])
                try await rig.start(
                    prefix + [
                        "\(programs)/postgres", "-D", data, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c",
                        "unix_socket_directories=", "-c", "fsync=off",
                    ], log: "postgres")
                let chain = try await MutualTLSChain.start(rig, server: port)
                func psql(_ statement: String, port: Int) async throws -> String {
                    try await rig.run(
                        [
                            "psql", "-h", "127.0.0.1", "-p", "\(port)", "-U", "tester", "-d", "postgres", "-At", "-v",
                            "ON_ERROR_STOP=1", "-c", statement,
                        ]
                    ).trimmingCharacters(in: .whitespacesAndNewlines)
                }
                // By mutual TLS, and in plaintext to the PERMISSIVE listener: the client asks for TLS first and hears "no".
                for port in [chain.outbound, chain.inbound] {
                    try await waitUntil("PostgreSQL", within: .seconds(30)) { try await psql("SELECT 1", port: port) == "1" }
                    #expect(try await psql("SELECT sum(n) FROM generate_series(1, 100000) n", port: port) == "5000050000")
                    let rows = try await psql("SELECT n, repeat('x', 100) FROM generate_series(1, 50000) n", port: port)
                    #expect(rows.split(separator: "\n").count == 50000 && rows.utf8.count > 5_000_000)
                }
                try rig.write((1...20_000).map { "\($0)\n" }.joined(), to: "rows")
                _ = try await psql("CREATE TABLE t (n int)", port: chain.outbound)
                _ = try await psql("\\copy t FROM '\(rig.directory)/rows'", port: chain.outbound)
                #expect(try await psql("SELECT count(*), sum(n) FROM t", port: chain.outbound) == "20000|200010000")
                #expect(rig.text("server.log").contains(Self.mutualTLS))
                print("psql through two proxies: 50,000 rows, 20,000 rows copied")
            }
        }

        // MARK: A server that speaks first

        @Test func `a server that speaks first is heard through PERMISSIVE`() async throws {
            try await ProcessRig.with { rig in
                let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeter()) }
                    }
                    .bind(host: "127.0.0.1", port: 0).get()
                let chain = try await MutualTLSChain.start(rig, server: server.localAddress?.port ?? 0)
                for port in [chain.inbound, chain.outbound] {
                    let client = try await RawConnection.open(port: port)
                    let greeting = await client.receive(within: .seconds(10)) { $0.text == Greeter.greeting }
                    #expect(greeting.text == Greeter.greeting)
                    try await client.send("login")
                    let answer = await client.receive(within: .seconds(10)) { $0.text.hasSuffix("login") }
                    #expect(answer.text == Greeter.greeting + "login")
                    await client.close()
                }
                try await server.close()
            }
        }
    }
}

/// Speaks first, as MySQL does, then repeats what it hears.
private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    static let greeting = "J\0\0\0\n8.0.36\0"

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: Self.greeting)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(self.wrapOutboundOut(self.unwrapInboundIn(data)), promise: nil)
    }
}
