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
            let second = try MallaProcess.launch(directory)
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
}
