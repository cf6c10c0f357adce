// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Announces a workload once its command answers, announces it again should the control plane have forgotten it, keeps
/// its join token fresh, and takes it back at the end.
package final class RegistrationKeeper: Sendable {
    private let registry: WorkloadRegistry
    private let address: String
    private let refreshToken: @Sendable () async throws -> Void
    private let report: @Sendable (String) -> Void
    private let isWithdrawn = Mutex(false)

    package init(
        registry: WorkloadRegistry, address: String, refreshToken: @escaping @Sendable () async throws -> Void,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.registry = registry
        self.address = address
        self.refreshToken = refreshToken
        self.report = report
    }

    /// Until cancelled. A control plane that is away is waited for: the proxies go on with what they have meanwhile.
    package func run() async throws {
        try await waitForCommand()
        var announced = false
        var isAway = false
        var nextToken = ContinuousClock.now + .seconds(240)
        while !isWithdrawn.withLock({ $0 }) {
            do {
                let isKnown = announced ? try await registry.isRegistered() : false
                if !isKnown {
                    try await registry.register(address: address)
                    announced = true
                }
                if ContinuousClock.now >= nextToken {
                    try await refreshToken()
                    nextToken = ContinuousClock.now + .seconds(240)
                }
                if isAway { report("the registration is in order") }
                isAway = false
            } catch {
                try Task.checkCancellation()
                if !isAway { report("the registration is tried again: \(error)") }
                isAway = true
            }
            // A registration that was under way while the workload withdrew is taken back.
            if isWithdrawn.withLock({ $0 }) { try? await registry.deregister() }
            try await Task.sleep(for: announced && !isAway ? .seconds(5) : .milliseconds(500))
        }
    }

    /// Takes the workload out of the mesh: no new requests come once the control plane has told the others.
    package func withdraw(within limit: Duration) async {
        isWithdrawn.withLock { $0 = true }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [registry] in try? await registry.deregister() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Until every port of the command accepts connections, for ten seconds at most.
    private func waitForCommand() async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        let ports = registry.plan.ports.map(\.applicationPort)
        while ContinuousClock.now < deadline, !ports.allSatisfy({ LoopbackProbe.accepts("127.0.0.1", port: $0) }) {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
