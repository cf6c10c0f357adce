// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import UnixSignals

/// `malla demo`: a whole mesh on this machine, with traffic, a live view and a story.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run the demo: nine services with their sidecars, live traffic, and a story.")

    @Flag(help: "Play the story without a terminal; exit 0 only if every claim held.") var once = false
    @Option(help: "Directory for the mesh's state; without it a temporary one, removed at the end.") var dataDir: String?
    @Option(help: "Directory of configuration to apply; without it Examples/brief.") var configuration: String?
    @Option(help: "Requests per second of the steady traffic.") var rate = 10.0

    @Option(help: "malla or envoy[=PATH]. An Envoy has not Istio's metrics, so what is measured by them does not hold there.")
    var proxy = "malla"

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let isTerminal = isatty(0) == 1 && isatty(1) == 1
        let code = try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask { try await play(withoutTerminal: once || !isTerminal) }
            group.addTask {
                for await signal in signals { return 128 + signal.rawValue }
                return 70
            }
            let first = try await group.next() ?? 70
            group.cancelAll()
            // The mesh is stopped by its own task, which has to end first.
            while let _ = await group.nextResult() {}
            return first
        }
        throw ExitCode(code)
    }

    private func play(withoutTerminal: Bool) async throws -> Int32 {
        let directory = try dataDir ?? Self.temporaryDirectory()
        let mesh = try DemoMesh(dataDirectory: directory, environment: ProcessInfo.processInfo.environment, proxy: proxy)
        var allHeld = false
        do {
            let clock = ContinuousClock()
            let start = clock.now
            DemoScript.print("starting the control plane and \(DemoWorkload.roster.count) workloads (logs: \(directory)/demo)")
            try await mesh.start(rate: rate)
            let ready = clock.now
            DemoScript.print("mesh ready: \(DemoWorkload.roster.count) workloads after \(Self.seconds(ready - start)) s")
            try await mesh.apply(DemoFiles.configuration(given: configuration))
            try await waitForConfiguration(mesh)
            try await mesh.beginCountingTraffic()
            DemoScript.print("configuration in force after \(Self.seconds(clock.now - ready)) s")
            if withoutTerminal {
                allHeld = await DemoScript(mesh: mesh).run()
                DemoScript.print("\(allHeld ? "every claim held" : "NOT every claim held") (\(Self.seconds(clock.now - start)) s)")
            } else {
                try await DemoScreen(mesh: mesh, heading: "malla demo · \(DemoWorkload.roster.count) workloads").run()
                allHeld = true
                DemoScript.print("stopping the mesh")
            }
        } catch is CancellationError {
        } catch {
            FileHandle.standardError.write(Data("malla demo: \(error)\n".utf8))
        }
        await stop(mesh)
        if dataDir == nil, allHeld { try? FileManager.default.removeItem(atPath: directory) }
        return allHeld ? 0 : 1
    }

    /// The processes are stopped even when this task was cancelled: a task of its own does not inherit that. It ends before
    /// this function returns.
    private func stop(_ mesh: DemoMesh) async { await Task { await mesh.stop() }.value }

    /// Two rules that cannot hold by chance: the denied caller is denied, the plaintext caller refused; and v2 has a subset.
    private func waitForConfiguration(_ mesh: DemoMesh) async throws {
        let user = "http://user-service:8080/profile"
        try await mesh.poll("the configuration to be in force", within: .seconds(40)) {
            for instance in ["user-v1", "user-v2"] {
                guard let address = mesh.address(of: instance),
                    await PlaintextCaller.call(address, port: SidecarPorts.inbound(0)) == .refused
                else { return false }
            }
            let denied = try await mesh.burst(from: "order-v1", to: user, count: 10)
            let canary = try await mesh.burst(from: "gateway", to: user, count: 10, header: "canary:true")
            return denied.statuses["403"] == 10 && canary.versions["v2"] == 10
        }
    }

    private static func temporaryDirectory() throws -> String {
        var template = Array("\(NSTemporaryDirectory())/malla-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RunFailure("no temporary directory could be made") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func seconds(_ duration: Duration) -> String { String(format: "%.1f", duration / .seconds(1)) }
}
