// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import Processes
import Synchronization

/// The demo's mesh as real processes: `malla up`, and `malla run` for every workload.
final class DemoMesh: Sendable {
    private struct State: Sendable {
        var children: [(name: String, process: ChildProcess)] = []
        var addresses: [String: String] = [:]
        var trafficBefore: ServiceState?
        /// What the sidecars had counted when the configuration came into force.
        var edgesBefore = EdgeTable()
    }

    let dataDirectory: String
    private let environment: [String: String]
    private let ports: [String: Int]
    /// Of those who serve gRPC too, and of the caller's local port that leads to them.
    private let grpcPorts: [String: Int]
    /// `malla` or `envoy`, as `malla run --proxy` takes it.
    private let proxy: String
    private let state = Mutex(State())

    init(dataDirectory: String, environment: [String: String], proxy: String) throws {
        self.dataDirectory = dataDirectory
        self.proxy = proxy
        var own = environment
        for name in ["KUBECONFIG", "http_proxy", "HTTP_PROXY", "PORT"] { own[name] = nil }
        self.environment = own
        var ports: [String: Int] = [:]
        for workload in DemoWorkload.roster {
            guard let port = LoopbackProbe.freePort() else { throw RunFailure("no port is free on 127.0.0.1") }
            ports[workload.name] = port
        }
        self.ports = ports
        var grpcPorts: [String: Int] = [:]
        for workload in DemoWorkload.roster where workload.grpc != nil {
            guard let port = LoopbackProbe.freePort() else { throw RunFailure("no port is free on 127.0.0.1") }
            grpcPorts[workload.name] = port
        }
        self.grpcPorts = grpcPorts
        try FileManager.default.createDirectory(
            atPath: "\(dataDirectory)/demo", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// The control plane, then every service with its sidecar, until a request goes through from end to end.
    func start(rate: Double) async throws {
        let up = ["up", "--data-dir", dataDirectory, "--api-port", "0", "--xds-port", "0", "--secure-xds-port", "0"]
        try await launch("control-plane", up + ["--metrics-port", "0"])
        let api = try await waitForControlPlane()
        for workload in DemoWorkload.roster { try await launch(workload, rate: rate) }
        try await poll("every workload to be registered", within: .seconds(90)) {
            let addresses = try await self.readAddresses(api)
            self.state.withLock { $0.addresses = addresses }
            return addresses.count == DemoWorkload.roster.count
        }
        try await poll("a request to go from load through gateway to every service", within: .seconds(30)) {
            try await self.burst(from: "load", to: "http://gateway:8080/checkout", count: 1).statuses["200"] == 1
        }
    }

    /// Applies a directory of configuration as a user would.
    func apply(_ path: String) async throws {
        let log = "\(dataDirectory)/demo/apply.log"
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: Programs.own, arguments: ["apply", "-f", path, "--kubeconfig", "\(dataDirectory)/kubeconfig"],
                environment: environment, output: .appended(toFile: log), errors: .appended(toFile: log)))
        guard let exit = await child.ended(within: .seconds(30)) else {
            child.signal(SIGKILL)
            throw RunFailure("malla apply -f \(path) did not end")
        }
        guard exit == .exited(0) else { throw RunFailure("malla apply -f \(path): \(exit)\n\(tail(log))") }
    }

    /// All children are asked at once; the control plane goes last.
    func stop() async {
        let children = state.withLock { $0.children }
        await withTaskGroup(of: Void.self) { group in
            for child in children where child.name != "control-plane" {
                group.addTask { _ = await child.process.stop(grace: .seconds(15)) }
            }
        }
        for child in children where child.name == "control-plane" { _ = await child.process.stop(grace: .seconds(10)) }
    }

    /// How many requests this workload sends, as itself.
    func burst(
        from workload: String, to url: String, count: Int, concurrency: Int = 8, header: String? = nil,
        deadlineMilliseconds: Int? = nil
    ) async throws -> BurstReport {
        var query = "url=\(url)&count=\(count)&concurrency=\(concurrency)"
        if let header { query += "&header=\(header)" }
        if let deadlineMilliseconds { query += "&deadline=\(deadlineMilliseconds)" }
        return try await DemoHTTP.decode(BurstReport.self, from: control(workload, "burst?\(query)"), limit: .seconds(60))
    }

    @discardableResult
    func setBehaviour(of workload: String, _ query: String) async throws -> ServiceState {
        try await DemoHTTP.decode(ServiceState.self, from: control(workload, "behaviour?\(query)"))
    }

    func state(of workload: String) async throws -> ServiceState {
        try await DemoHTTP.decode(ServiceState.self, from: control(workload, "state"))
    }

    /// Steady traffic counts from here: what was sent while the services were starting is left out.
    func beginCountingTraffic() async throws {
        let edges = await traffic()
        state.withLock { $0.edgesBefore = edges }
        let before = try await state(of: "load")
        state.withLock { $0.trafficBefore = before }
    }

    /// What the load generator has sent since, and how much of it failed.
    func steadyTraffic() async throws -> (sent: Int, failed: Int, lastFailure: String?) {
        let now = try await state(of: "load")
        let before = state.withLock { $0.trafficBefore }
        let failed = now.sentFailures - (before?.sentFailures ?? 0)
        return (now.sent - (before?.sent ?? 0), failed, failed > 0 ? now.lastFailure : nil)
    }

    func address(of workload: String) -> String? { state.withLock { $0.addresses[workload] } }

    /// What every sidecar has counted so far; one that does not answer is passed over.
    func traffic() async -> EdgeTable {
        let addresses = state.withLock { $0.addresses.values.sorted() }
        return await withTaskGroup(of: [PrometheusSample].self) { group in
            for address in addresses {
                group.addTask {
                    let url = "http://\(address):\(SidecarPorts.prometheus)/stats/prometheus"
                    guard let (status, body) = try? await DemoHTTP.get(url), status == 200 else { return [] }
                    return PrometheusText.parse(String(decoding: body, as: UTF8.self)) { $0.hasPrefix("istio_request") }
                }
            }
            return await group.reduce(into: EdgeTable()) { $0.add($1) }
        }
    }

    /// The same since the configuration is in force: until then plaintext was welcome.
    func trafficInForce() async -> EdgeTable {
        await traffic().since(state.withLock { $0.edgesBefore })
    }

    /// Until `condition` holds; a condition that throws does not hold yet.
    func poll(_ what: String, within limit: Duration, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        var last = ""
        while true {
            do {
                if try await condition() { return }
            } catch {
                try Task.checkCancellation()
                last = ": \(error)"
            }
            if let dead = state.withLock({ $0.children.first { $0.process.exit != nil } }) {
                throw RunFailure("\(dead.name) ended while waiting for \(what)\n\(tail("\(dataDirectory)/demo/\(dead.name).log"))")
            }
            guard ContinuousClock.now < deadline else { throw RunFailure("waited \(limit) for \(what)\(last)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func waitForControlPlane() async throws -> HTTPResourceAPI {
        var api: HTTPResourceAPI?
        try await poll("the control plane", within: .seconds(20)) {
            let location = try ControlPlaneLocation.read(dataDirectory: self.dataDirectory, environment: self.environment)
            let candidate = try HTTPResourceAPI(location)
            guard try await candidate.get("/api/v1/namespaces") != nil else { return false }
            api = candidate
            return true
        }
        guard let api else { throw RunFailure("the control plane did not come up") }
        return api
    }

    private func launch(_ workload: DemoWorkload, rate: Double) async throws {
        var arguments = [
            "run", "--data-dir", dataDirectory, "--name", workload.name, "--service", workload.service,
            "--service-account", workload.serviceAccount, "--label", "version=\(workload.version)",
            "--port", "http=8080:\(ports[workload.name] ?? 0)", "--proxy", proxy,
        ]
        var program = [try Programs.demo(environment), workload.service, "--revision", workload.version]
        let grpcPort = grpcPorts[workload.name] ?? 0
        switch workload.grpc {
        case .serves: arguments += ["--port", "grpc=9090:\(grpcPort)"]
        case .calls(let service):
            arguments += ["--upstream", "\(service):9090:\(grpcPort)"]
            program += ["--payments", "127.0.0.1:\(grpcPort)"]
        case nil: break
        }
        arguments += ["--"] + program
        if workload.service == "load" { arguments += ["--rate", String(rate)] }
        try await launch(workload.name, arguments)
    }

    private func launch(_ name: String, _ arguments: [String]) async throws {
        let log = "\(dataDirectory)/demo/\(name).log"
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: Programs.own, arguments: arguments, environment: environment, output: .appended(toFile: log),
                errors: .appended(toFile: log)))
        state.withLock { $0.children.append((name: name, process: child)) }
    }

    private func readAddresses(_ api: HTTPResourceAPI) async throws -> [String: String] {
        struct List: Decodable { var items: [WorkloadObjects.Entry] }
        guard let data = try await api.get("/apis/networking.istio.io/v1/workloadentries") else { return [:] }
        let names = Set(DemoWorkload.roster.map(\.name))
        return try JSONDecoder().decode(List.self, from: data).items.reduce(into: [:]) { addresses, entry in
            if names.contains(entry.metadata.name) { addresses[entry.metadata.name] = entry.spec.address }
        }
    }

    private func control(_ workload: String, _ path: String) -> String {
        "http://127.0.0.1:\(ports[workload] ?? 0)/_demo/\(path)"
    }

    private func tail(_ path: String) -> String {
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0.suffix(4096), as: UTF8.self) } ?? ""
        return text.split(whereSeparator: \.isNewline).suffix(12).joined(separator: "\n")
    }
}
