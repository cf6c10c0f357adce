// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import NIOPosix
import ProxyRuntime
import Testing

@Suite(.timeLimit(.minutes(1))) struct AdminServerTests {
    @Test func `answers over HTTP, in order, and a HEAD without a body`() async throws {
        let rig = try AdminRig()
        let server = try await AdminServer(
            routes: rig.routes, group: MultiThreadedEventLoopGroup.singleton, logger: RecordedLog().logger
        ).start(on: SocketEndpoint(host: "127.0.0.1", port: 0))
        let answer = try await RawConnection.exchange(
            "HEAD /ready HTTP/1.1\r\nHost: a\r\n\r\nPOST /healthcheck/fail HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx"
                + "GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            port: server.endpoint.port)
        let parts = answer.text.components(separatedBy: "HTTP/1.1 ").dropFirst()
        #expect(parts.map { String($0.prefix(3)) } == ["200", "200", "503"])
        #expect(parts.first?.hasSuffix("\r\n\r\n") == true && answer.isClosed)
        #expect(answer.text.hasSuffix("\r\n\r\nDRAINING\n"))
        #expect(
            answer.text.contains("cache-control: no-cache, max-age=0") && answer.text.contains("x-content-type-options: nosniff"))
        await server.stop()
    }

    @Test func `a body without end is cut off`() async throws {
        let rig = try AdminRig()
        let server = try await AdminServer(
            routes: rig.routes, group: MultiThreadedEventLoopGroup.singleton, logger: RecordedLog().logger
        ).start(on: SocketEndpoint(host: "127.0.0.1", port: 0))
        let connection = try await RawConnection.open(port: server.endpoint.port)
        try await connection.send("POST /logging HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        try? await connection.send(Array(repeating: 120, count: 200_000))
        let answer = await connection.receive(within: .seconds(10)) { _ in false }
        #expect(answer.isClosed && answer.bytes.isEmpty)
        await server.stop()
    }
}
