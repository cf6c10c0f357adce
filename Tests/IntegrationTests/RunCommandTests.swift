// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing
import malla

extension IntegrationSuite {
    @Suite struct RunCommandTests {
        @Test func `exit codes and signals are the command's, and the workload is gone afterwards`() async throws {
            try await EmbeddedMesh.with { mesh in
                let plain = try await mesh.runShell("plain", "exit 7")
                #expect(await plain.ended(within: .seconds(60)) == .exited(7))

                let trapping = try await mesh.runShell(
                    "trapping", "trap 'exit 3' TERM; echo started $http_proxy; while :; do sleep 0.05; done")
                try await mesh.poll("the command") { mesh.text("trapping.log").contains("started http://127.") }
                try await mesh.poll("the registration") { try await mesh.entry("trapping") != nil }
                kill(trapping.pid, SIGTERM)
                #expect(await trapping.ended(within: .seconds(30)) == .exited(3))
                #expect(try await mesh.entry("trapping") == nil)

                let killed = try await mesh.runShell("killed", "kill -KILL $$")
                #expect(await killed.ended(within: .seconds(60)) == .exited(137))
                let missing = try await mesh.start(
                    ["run", "--data-dir", mesh.directory, "--name", "missing", "--", "/nowhere/program"], log: "missing")
                #expect(await missing.ended(within: .seconds(60)) == .exited(127))
            }
        }

        @Test func `the control plane stops at once though workloads are connected, and they go on with the next`() async throws {
            try await EmbeddedMesh.with { mesh in
                kill(try #require(mesh.controlPlanePID), SIGTERM)
                try await mesh.poll("the first to stop") { mesh.controlPlanePID == nil }
                let second = try await mesh.startControlPlane()
                _ = try await mesh.runShell("waiting", "while :; do sleep 0.05; done")
                try await mesh.poll("the registration") { try await mesh.entry("waiting") != nil }
                kill(second.pid, SIGTERM)
                #expect(await second.ended(within: .seconds(5)) == .exited(0))
                #expect(!mesh.text("up.log").contains(" error "), "\(mesh.text("up.log"))")
                try await mesh.startControlPlane()
                #expect(try await mesh.entry("waiting") != nil)
            }
        }

        @Test func `a killed run leaves nothing, and the next of its name takes over`() async throws {
            try await EmbeddedMesh.with { mesh in
                let control = try DemoControl.withFreePort()
                let first = try await mesh.run("user-v1", role: "user-service", port: control.port)
                try await mesh.poll("the registration") { try await mesh.entry("user-v1") != nil }
                let address = try await mesh.entry("user-v1")?.spec.address

                let twin = try await mesh.runShell("user-v1", "true")
                #expect(await twin.ended(within: .seconds(20)) == .exited(69))

                kill(first.pid, SIGKILL)
                try await mesh.poll("the sidecar and the command to follow") {
                    ProcessTable.commandLines(containing: "\(mesh.directory)/run/default.user-v1/").isEmpty
                        && !LoopbackProbe.accepts("127.0.0.1", port: control.port)
                }
                try await mesh.run("user-v1", role: "user-service", port: control.port)
                try await mesh.poll("the command") { LoopbackProbe.accepts("127.0.0.1", port: control.port) }
                try await mesh.poll("the registration") { try await mesh.entry("user-v1")?.spec.address == address }
            }
        }

        @Test func `a crashed sidecar is started again`() async throws {
            try await EmbeddedMesh.with { mesh in
                let control = try DemoControl.withFreePort()
                try await mesh.run("user-v1", role: "user-service", port: control.port)
                try await mesh.poll("the registration") { try await mesh.entry("user-v1") != nil }
                let proxies = ProcessTable.pids(commandContains: "\(mesh.directory)/run/default.user-v1/bootstrap.json")
                let proxy = try #require(proxies.first)
                kill(proxy, SIGKILL)
                try await mesh.poll("the new sidecar") {
                    let now = ProcessTable.pids(commandContains: "\(mesh.directory)/run/default.user-v1/bootstrap.json")
                    return !now.isEmpty && !now.contains(proxy)
                }
                let address = try #require(try await mesh.entry("user-v1")?.spec.address)
                try await mesh.poll("it to be ready") { LoopbackProbe.accepts(address, port: SidecarPorts.inbound(0)) }
            }
        }
    }
}
