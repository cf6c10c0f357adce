// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// The service's plain HTTP/1.1 server on loopback.
struct DemoServer: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>

    var port: Int
    var service: DemoService

    func run() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ResponsePartEncoder())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let address = "127.0.0.1:\(listener.channel.localAddress?.port ?? port)"
        FileHandle.standardOutput.write(Data("\(service.role.rawValue) \(service.revision) listens on \(address)\n".utf8))
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async {
        // A connection's failure is its peer's affair: it ends this connection and nothing else.
        try? await connection.executeThenClose { inbound, outbound in
            var request: HTTPRequestHead?
            for try await part in inbound {
                switch part {
                case .head(let head): request = head
                case .body: continue
                case .end:
                    guard let head = request else { return }
                    let response = await service.respond(to: head)
                    var answer = HTTPResponseHead(version: .http1_1, status: response.status)
                    answer.headers.add(name: "content-type", value: "application/json")
                    answer.headers.add(name: "content-length", value: String(response.body.count))
                    if !head.isKeepAlive { answer.headers.add(name: "connection", value: "close") }
                    try await outbound.write(.head(answer))
                    if head.method != .HEAD { try await outbound.write(.body(ByteBuffer(bytes: response.body))) }
                    try await outbound.write(.end(nil))
                    if !head.isKeepAlive { return }
                }
            }
        }
    }
}
