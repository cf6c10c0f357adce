// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import MeshResources
import NIOCore
import Testing

/// `malla up` as a process of its own: what a kill, a second one and bad input do to it.
@Suite(.serialized, .enabled(if: MallaProcess.binary != nil, "the malla program is not built beside the tests"))
struct MallaUpTests {
    @Test(.timeLimit(.minutes(3)))
    func `a kill loses nothing that was acknowledged`() async throws {
        try await MallaProcess.withDirectory { directory in
            let first = try await MallaProcess.start(directory)
            let acknowledged = try await withThrowingTaskGroup(of: [String].self) { group in
                for writer in 0..<20 {
                    group.addTask {
                        var names: [String] = []
                        for number in 0..<50 {
                            let name = "s\(writer)-\(number)"
                            let body = "{\"metadata\":{\"name\":\"\(name)\"},\"spec\":{\"ports\":[{\"port\":80}]}}"
                            let status = try await first.send("POST", "/api/v1/namespaces/default/services", body)
                            if status == 201 { names.append(name) }
                        }
                        return names
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(acknowledged.count == 1000)
            await first.kill(SIGKILL)

            let second = try await MallaProcess.start(directory)
            let list = try await second.get("/api/v1/namespaces/default/services")
            let names = Set((list["items"]?.array ?? []).compactMap { $0["metadata"]?.string("name") })
            #expect(names.isSuperset(of: acknowledged))
            await second.kill(SIGTERM)
            #expect(!FileManager.default.fileExists(atPath: directory + "/run/control-plane.json"))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a second one on the same directory says who holds it`() async throws {
        try await MallaProcess.withDirectory { directory in
            let first = try await MallaProcess.start(directory)
            let second = try await MallaProcess.launch(directory)
            await second.waitUntilExit()
            #expect(second.exitCode == 1)
            #expect(second.errors.contains("pid \(first.pid)"))
            await first.kill(SIGTERM)
            #expect(first.exitCode == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a body of 50 MiB is refused and the server goes on`() async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            let body = "{\"metadata\":{\"name\":\"" + String(repeating: "a", count: 50 << 20) + "\"}}"
            // The server may hang up while the rest of the body is still on its way.
            let status = try? await malla.send("POST", "/api/v1/namespaces/default/services", body)
            #expect(status == nil || status == 413)
            #expect(try await malla.get("/api/v1/namespaces/default/services")["items"]?.array?.isEmpty == true)
            await malla.kill(SIGTERM)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `it is ready in under two seconds, also on a directory that it knows`() async throws {
        try await MallaProcess.withDirectory { directory in
            for _ in 0..<2 {
                let start = ContinuousClock.now
                let malla = try await MallaProcess.start(directory)
                #expect(ContinuousClock.now - start < .seconds(2))
                await malla.kill(SIGTERM)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT])
    func `asked to stop, it finishes the request in flight and ends watches properly`(_ signal: Int32) async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            let (port, token) = try malla.access()
            let tls = try RawConnection.tls(trusting: directory + "/ca/trust-bundle.pem")
            let head = "host: a\r\nauthorization: Bearer \(token)\r\n"
            let body = #"{"metadata":{"name":"late"}}"#
            try await RawConnection.open(port: port, tls: tls) { watch in
                try await watch.send("GET /api/v1/namespaces?watch=true HTTP/1.1\r\n\(head)\r\n")
                _ = try await watch.read(through: "\"ADDED\"")
                try await RawConnection.open(port: port, tls: tls) { request in
                    // One write: with the answer to the first request, the server has read the half of the second.
                    try await request.send(
                        "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n"
                            + "POST /api/v1/namespaces HTTP/1.1\r\n\(head)content-length: \(body.utf8.count)\r\n\r\n\(body.prefix(5))"
                    )
                    _ = try await request.read(through: "\r\n\r\nok")
                    malla.signal(signal)
                    let rest = try await watch.read(through: "\r\n0\r\n\r\n")
                    #expect(rest.hasSuffix("\r\n0\r\n\r\n"))
                    try await request.send(String(body.dropFirst(5)))
                    #expect(try await request.readToEnd().hasPrefix("HTTP/1.1 201 "))
                }
            }
            await malla.waitUntilExit()
            #expect(malla.exitCode == 0)
            let again = try await MallaProcess.start(directory)
            #expect(try await again.get("/api/v1/namespaces/late").string("kind") == "Namespace")
            await again.kill(SIGTERM)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a port that is taken is named`() async throws {
        try await MallaProcess.withDirectory { directory in
            let first = try await MallaProcess.start(directory)
            let port = try first.access().port
            try await MallaProcess.withDirectory { other in
                let second = try await MallaProcess.launch(other, apiPort: String(port))
                await second.waitUntilExit()
                #expect(second.exitCode == 1)
                #expect(second.errors.contains("127.0.0.1:\(port)"), "\(second.errors)")
                #expect(second.errors.contains("--api-port"), "\(second.errors)")
            }
            await first.kill(SIGTERM)
        }
    }
}
