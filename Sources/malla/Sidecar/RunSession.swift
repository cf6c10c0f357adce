// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Processes
import UnixSignals

/// One `malla run`: registers the workload, puts its sidecar beside it, runs the command, and leaves nothing behind.
struct RunSession: Sendable {
    let plan: RunPlan
    let location: ControlPlaneLocation
    let environment: [String: String]
    /// How long the sidecar may take to become ready.
    let readinessLimit: Duration
    let logger: Logger

    private let api: any ResourceAPI

    init(
        plan: RunPlan, location: ControlPlaneLocation, environment: [String: String], readinessLimit: Duration, logger: Logger
    ) throws {
        self.plan = plan
        self.location = location
        self.environment = environment
        self.readinessLimit = readinessLimit
        self.logger = logger
        api = try HTTPResourceAPI(location)
    }

    /// The command's exit code as a shell tells it.
    func run() async throws -> Int32 {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigquit, .sigusr1, .sigusr2, .sigwinch)
        let directory = try WorkloadDirectory(
            dataDirectory: location.dataDirectory, namespace: plan.namespace, name: plan.name)
        let relay = SignalRelay()
        let keepers = KeeperSlot()
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                for await signal in signals {
                    await relay.receive(signal.rawValue) { await keepers.withdraw() }
                }
                return nil
            }
            group.addTask { try await serve(directory, relay, keepers) }
            defer { group.cancelAll() }
            while let code = try await group.next() {
                if let code { return code }
            }
            return 70
        }
    }

    /// Everything beside the command lives in one group, whose end ends it.
    private func serve(_ directory: WorkloadDirectory, _ relay: SignalRelay, _ keepers: KeeperSlot) async throws -> Int32 {
        let setting: RunSetting
        switch try await orStopped(relay, { try await bringUp(directory) }) {
        case .stopped(let number): return 128 + number
        case .value(let value): setting = value
        }
        let sidecar = SidecarSupervisor(launch: setting.sidecar, directory: directory, report: report)
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            defer { group.cancelAll() }
            if let secrets = setting.secrets {
                group.addTask {
                    try await secrets.run { try String(contentsOfFile: directory.file("join-token"), encoding: .utf8) }
                    return nil
                }
                try await secrets.waitUntilListening()
            }
            group.addTask {
                try await sidecar.run { try await writeToken(setting.registry, directory) }
                return nil
            }
            group.addTask {
                let probe = ReadinessProbe(address: setting.address, limit: readinessLimit)
                switch try await orStopped(relay, { try await probe.wait(for: sidecar, directory: directory) }) {
                case .stopped(let number):
                    await sidecar.stop(grace: .seconds(5))
                    return 128 + number
                case .value: return try await command(setting, directory, relay, keepers, sidecar)
                }
            }
            do {
                while let code = try await group.next() {
                    if let code { return code }
                }
            } catch {
                await sidecar.stop(grace: .seconds(5))
                // The command's own failure to start has its code, 127.
                if let failure = error as? ProcessLaunchError {
                    throw RunFailure("the sidecar: \(failure); --proxy envoy=PATH or $MALLA_PROXY says where it is")
                }
                throw error
            }
            return 70
        }
    }

    /// Starts the command, keeps it announced, and cleans up after it.
    private func command(
        _ setting: RunSetting, _ directory: WorkloadDirectory, _ relay: SignalRelay, _ keepers: KeeperSlot,
        _ sidecar: SidecarSupervisor
    ) async throws -> Int32 {
        let plan = setting.registry.plan
        let own = CommandEnvironment(
            name: plan.name, namespace: plan.namespace, service: plan.service, address: setting.address, ports: plan.ports)
        let launch = ProcessLaunch(
            executable: plan.command[0], arguments: Array(plan.command.dropFirst()), environment: own.merged(into: environment),
            input: .inherited, takesTerminal: true)
        let child: ChildProcess
        do {
            child = try await ChildProcess.start(launch)
        } catch {
            await sidecar.stop(grace: .seconds(5))
            report("\(error)")
            return 127
        }
        directory.remember("command", pid: child.pid)
        let keeper = RegistrationKeeper(
            registry: setting.registry, address: setting.address,
            refreshToken: { try await writeToken(setting.registry, directory) }, report: report)
        keepers.fill(keeper)
        relay.attach(child)
        let exit = await withTaskGroup(of: ProcessExit?.self) { group in
            group.addTask {
                try? await keeper.run()
                return nil
            }
            group.addTask { await child.ended() ?? .signalled(SIGKILL) }
            while let exit = await group.next() {
                guard let exit else { continue }
                group.cancelAll()
                return exit
            }
            return .signalled(SIGKILL)
        }
        TerminalOwnership.takeBack()
        await keeper.withdraw(within: .seconds(2))
        await sidecar.stop(grace: .seconds(5))
        directory.remove("processes.json")
        directory.remove("join-token")
        return exit.code
    }

    /// Everything up to the start of the sidecar.
    private func bringUp(_ directory: WorkloadDirectory) async throws -> RunSetting {
        try await directory.endLeftovers(grace: .seconds(5))
        var registry = WorkloadRegistry(plan: plan, api: api)
        try await registry.prepare()
        try registry.chooseApplicationPorts()
        let known = try await registry.addresses()
        let ports = SidecarPorts.all(inboundPorts: plan.ports.count)
        let wanted = WorkloadAddress(namespace: plan.namespace, name: plan.name)
        guard
            let address = wanted.pick(
                preferred: known.own, taken: known.taken, isFree: { LoopbackProbe.isFree($0, ports: ports) })
        else { throw RunFailure("no address is free for the sidecar (tried 64 in 127.64.0.0/10)") }
        var upstreams: [SidecarBootstrap.Upstream] = []
        for upstream in plan.upstreams {
            guard LoopbackProbe.isFree("127.0.0.1", ports: [upstream.localPort]) else {
                throw RunFailure(
                    "--upstream \(upstream.service): port \(upstream.localPort) of 127.0.0.1 cannot be bound, something may listen "
                        + "there already; choose another LOCALPORT")
            }
            let (host, port) = try await registry.resolve(upstream)
            upstreams.append(SidecarBootstrap.Upstream(host: host, port: port, localPort: upstream.localPort))
        }
        let token = try await writeToken(registry, directory)
        var secrets: EnvoySecrets?
        let flavour: SidecarBootstrap.Flavour
        switch plan.proxy {
        case .malla:
            flavour = .malla(joinTokenFile: directory.file("join-token"), trustBundleFile: location.trustBundleFile)
        case .envoy:
            let socket = directory.file("sds.sock")
            guard socket.utf8.count < 108 else {
                throw RunFailure("\(socket) is too long for a Unix socket: use a shorter --data-dir")
            }
            directory.remove("sds.sock")
            secrets = try await EnvoySecrets(
                location: location, plan: plan, joinToken: token, socketPath: socket, logger: logger)
            flavour = .envoy(secretSocket: socket)
        }
        let bootstrap = SidecarBootstrap(
            flavour: flavour, plan: registry.plan, address: address, upstreams: upstreams,
            controlPlaneHost: location.secureXDSHost, controlPlanePort: location.secureXDSPort, stateDirectory: directory.path)
        try directory.write(bootstrap.json(), to: "bootstrap.json")
        return RunSetting(
            registry: registry, address: address, sidecar: try sidecarLaunch(directory), secrets: secrets)
    }

    private func sidecarLaunch(_ directory: WorkloadDirectory) throws -> ProcessLaunch {
        let executable: String
        var arguments = ["-c", directory.file("bootstrap.json")]
        switch plan.proxy {
        case .malla: executable = try Programs.proxy(environment)
        case .envoy(let path):
            executable = path
            arguments += ["--disable-hot-restart", "--concurrency", "2", "--log-level", "warning"]
            // As Istio starts it: connections of a listener that changed take the new rules after their next request, not after
            // minutes.
            arguments += ["--drain-time-s", "45", "--drain-strategy", "immediate"]
        }
        var own = environment
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] { own[name] = nil }
        return ProcessLaunch(
            executable: executable, arguments: arguments, environment: own, output: .appended(toFile: directory.file("access.log")),
            errors: .appended(toFile: directory.file("proxy.log")))
    }

    @discardableResult
    private func writeToken(_ registry: WorkloadRegistry, _ directory: WorkloadDirectory) async throws -> String {
        let token = try await registry.joinToken()
        try directory.write(Data(token.utf8), to: "join-token")
        return token
    }

    private func report(_ message: String) {
        FileHandle.standardError.write(Data("malla run \(plan.name): \(message)\n".utf8))
    }
}
