// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Testing
import malla

extension IntegrationSuite {
    /// Python's `websockets` on both sides.
    @Suite(
        .enabled(if: ClientPrograms.openssl, "openssl is not installed"),
        .enabled("python3 has no websockets: pip install websockets") { await ClientPrograms.python(has: "websockets") })
    struct WebSocketTests {
        private static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Programs/websocket.py").path

        @Test func `messages of every kind, plain and behind TLS`() async throws {
            guard let port = LoopbackProbe.freePort() else { throw TestFailure("no port is free") }
            let server = try await ChildProcess.start(
                ProcessLaunch(
                    executable: "python3", arguments: [Self.program, "serve", "\(port)"],
                    environment: ProcessInfo.processInfo.environment, output: .null, errors: .null, parentDeathSignal: SIGKILL))
            do {
                try await waitUntil("the server", within: .seconds(30)) {
                    let connection = try await RawConnection.open(port: port)
                    await connection.close()
                    return true
                }
                try await StandaloneProxy.with(upstream: port) { proxy in
                    for url in ["ws://127.0.0.1:\(proxy.plain)/", "wss://127.0.0.1:\(proxy.tls)/"] {
                        let run = try await ProgramRun.run("python3", [Self.program, "call", url])
                        #expect(run.code == 0, "\(url): \(run)")
                        #expect(run.output.contains("all echoed"), "\(url): \(run)")
                    }
                }
            } catch {
                _ = await server.stop(SIGKILL, grace: .zero)
                throw error
            }
            _ = await server.stop(SIGKILL, grace: .zero)
        }
    }
}
