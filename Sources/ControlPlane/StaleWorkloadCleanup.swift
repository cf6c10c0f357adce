// SPDX-License-Identifier: Apache-2.0
import Logging
import MeshResources
import ResourceStores
import ServiceLifecycle
import Synchronization

/// Takes back the registration of workloads that were killed without taking it back themselves.
final class StaleWorkloadCleanup: Service {
    private static let managedByMallaRun = LabelQuery([.among("malla.dev/managed-by", ["malla-run"])])

    private let store: any ResourceStore
    private let configuration: ControlPlaneConfiguration
    private let logger: Logger
    private let workloads = Mutex(ConnectedWorkloads())

    init(store: any ResourceStore, configuration: ControlPlaneConfiguration, logger: Logger) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
    }

    func connected(namespace: String, name: String, connection: UInt64) {
        workloads.withLock { $0.connected(.init(namespace: namespace, name: name), connection: connection) }
    }

    func disconnected(namespace: String, name: String, connection: UInt64) {
        workloads.withLock { $0.disconnected(.init(namespace: namespace, name: name), connection: connection, at: .now) }
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(1))
                await self.cleanUp()
            }
        }
    }

    private func cleanUp() async {
        let query = ResourceQuery(kind: .workloadEntry, labels: Self.managedByMallaRun)
        guard let entries = try? await store.list(query).items else { return }
        let registered = Set(entries.map { ConnectedWorkloads.Name(namespace: $0.metadata.namespace, name: $0.metadata.name) })
        let stale = workloads.withLock {
            $0.stale(
                among: registered, at: .now, gone: configuration.staleWorkloadGrace, unseen: configuration.unseenWorkloadGrace)
        }
        for name in stale {
            let key = ResourceKey(kind: .workloadEntry, namespace: name.namespace, name: name.name)
            // A registration that was renewed since the list was made has another version, and stays.
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            let precondition = DeletePrecondition(resourceVersion: entry.metadata.resourceVersion)
            if (try? await store.delete(key, if: precondition, author: "malla: proxy is gone")) != nil {
                logger.info("workload removed: its proxy is gone", metadata: ["workload": "\(name.namespace)/\(name.name)"])
            }
        }
    }
}
