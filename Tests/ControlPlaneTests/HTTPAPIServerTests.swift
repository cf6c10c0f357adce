// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import MeshTestKit
import NIOCore
import NIOSSL
import ResourceStores
import Synchronization
import Testing

/// What the resource API's port does with connections, whatever is asked on them.
@Suite struct HTTPAPIServerTests {
    @Test(.timeLimit(.minutes(1)), arguments: ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "hello\r\n", "\u{0}\u{0}\u{0}"])
    func `a caller that does not speak TLS is told so`(_ greeting: String) async throws {
        try await ServedAPI.with { api in
            let answer = try await RawConnection.open(port: api.port) { connection in
                try await connection.send(greeting)
                return try await connection.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("https://"))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the serving certificate is renewed while running, and connections go on`() async throws {
        try await ServedAPI.with { api in
            let first = try await leaf(api)
            #expect(try await leaf(api) == first)
            try await RawConnection.open(port: api.port, tls: RawConnection.tls(trusting: nil)) { held in
                try await held.send("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
                #expect(try await held.read(through: "\r\n\r\nok").hasPrefix("HTTP/1.1 200"))
                api.clock.advance(days: 4)
                #expect(try await leaf(api) != first)
                try await held.send("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
                #expect(try await held.read(through: "\r\n\r\nok").hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    private final class SeenCertificate: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    /// The certificate that a new connection is shown, as DER.
    private func leaf(_ api: ServedAPI) async throws -> [UInt8] {
        let seen = SeenCertificate()
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let tls = { @Sendable in
            try NIOSSLClientHandler(
                context: context, serverHostname: nil,
                customVerificationCallback: { certificates, promise in
                    seen.bytes.withLock { $0 = (try? certificates.first?.toDERBytes()) ?? [] }
                    promise.succeed(.certificateVerified)
                })
        }
        try await RawConnection.open(port: api.port, tls: tls) { connection in
            try await connection.send("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            _ = try await connection.readToEnd()
        }
        return seen.bytes.withLock { $0 }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a body that comes too slowly is refused`() async throws {
        try await ServedAPI.with(bodyDeadline: .milliseconds(200)) { api in
            let answer = try await RawConnection.open(port: api.port, tls: RawConnection.tls(trusting: nil)) { connection in
                try await connection.send(
                    "POST /api/v1/namespaces HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(ServedAPI.token)\r\n"
                        + "content-length: 100\r\n\r\n{\"meta")
                return try await connection.read(through: "\"Failure\"}")
            }
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("did not arrive"))
            #expect(try await api.send("GET", "/api/v1/namespaces").status == 200)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a body of 50 MiB is refused with a reason, for strangers too, and the server goes on`() async throws {
        try await ServedAPI.with { api in
            let body = "{\"metadata\":{\"name\":\"" + String(repeating: "a", count: 50 << 20) + "\"}}"
            let answer = try await api.send("POST", "/api/v1/namespaces", body)
            #expect(answer.status == 413)
            #expect(answer.tree.string("reason") == "RequestEntityTooLarge")
            let stranger = try await RawConnection.open(port: api.port, tls: RawConnection.tls(trusting: nil)) { connection in
                try await connection.send(
                    "POST /api/v1/namespaces HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n")
                try await connection.send(body)
                return try await connection.read(through: "\"Failure\"}")
            }
            #expect(stranger.hasPrefix("HTTP/1.1 401 "))
            #expect(try await api.send("GET", "/api/v1/namespaces").tree["items"]?.array?.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `watches whose readers leave are forgotten`() async throws {
        try await ServedAPI.with { api in
            let tls = try RawConnection.tls(trusting: nil)
            let watch =
                "GET /api/v1/namespaces?watch=true HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(ServedAPI.token)\r\n\r\n"
            for _ in 0..<4 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            try await RawConnection.open(port: api.port, tls: tls) { connection in
                                try await connection.send(watch)
                                #expect(try await connection.read(through: "\"ADDED\"").hasPrefix("HTTP/1.1 200"))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await waitUntil("no watch is left", within: .seconds(20)) { api.store.watcherCount == 0 }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a watch ends properly when the store closes`() async throws {
        try await ServedAPI.with { api in
            let rest = try await RawConnection.open(port: api.port, tls: RawConnection.tls(trusting: nil)) { connection in
                try await connection.send(
                    "GET /api/v1/namespaces?watch=true HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(ServedAPI.token)\r\n\r\n")
                _ = try await connection.read(through: "\"ADDED\"")
                api.store.endWatches()
                // The last chunk of a chunked body: the reader knows that nothing was cut off.
                return try await connection.read(through: "\r\n0\r\n\r\n")
            }
            #expect(rest.hasSuffix("\r\n0\r\n\r\n"))
        }
    }
}
