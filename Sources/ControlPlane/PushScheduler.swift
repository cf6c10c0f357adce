// SPDX-License-Identifier: Apache-2.0
import Logging
import MeshModel
import MeshResources
import ResourceStores
import ServiceLifecycle
import Synchronization

/// Follows the store, and hands out a new snapshot when changes have settled.
final class PushScheduler: ServiceLifecycle.Service {
    private struct Pending: Sendable {
        var state: MeshState
        var debounce: PushDebounce
    }

    private let store: any ResourceStore
    private let builder: MeshSnapshotBuilder
    private let publish: @Sendable (MeshSnapshot) -> Void
    private let logger: Logger
    private let pending: Mutex<Pending>
    private let changes = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    init(
        store: any ResourceStore, list: ResourceList, configuration: ControlPlaneConfiguration, mesh: MeshConfiguration,
        logger: Logger, publish: @escaping @Sendable (MeshSnapshot) -> Void
    ) {
        self.store = store
        self.builder = MeshSnapshotBuilder(configuration: mesh)
        self.publish = publish
        self.logger = logger
        pending = Mutex(
            Pending(
                state: MeshState(list),
                debounce: PushDebounce(quiet: configuration.debounceQuiet, maximum: configuration.debounceMaximum)))
        publish(pending.withLock { $0.state }.snapshot(builder))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.follow() }
                group.addTask { try await self.pushWhenSettled() }
                _ = await group.nextResult()
                group.cancelAll()
            }
        }
        // The group treats a service that ends early as a reason to stop: wait for the real one.
        try? await gracefulShutdown()
    }

    private func follow() async {
        while !Task.isCancelled {
            do {
                let revision = pending.withLock { $0.state.revision }
                for try await event in try await store.watch(ResourceQuery(), after: revision) { note(event) }
                return
            } catch is CancellationError {
                return
            } catch {
                logger.warning("watch of the store was lost; listing again", metadata: ["error": "\(error)"])
                guard let list = try? await store.list(ResourceQuery()) else { continue }
                pending.withLock { pending in
                    pending.state = MeshState(list)
                    pending.debounce.changed(at: .now)
                }
                changes.continuation.yield()
            }
        }
    }

    private func note(_ event: ResourceEvent) {
        let isVisible = pending.withLock { pending in
            guard pending.state.apply(event) else { return false }
            pending.debounce.changed(at: .now)
            return true
        }
        if isVisible { changes.continuation.yield() }
    }

    private func pushWhenSettled() async throws {
        for await _ in changes.stream {
            while let deadline = pending.withLock({ $0.debounce.deadline }), deadline > .now {
                try await Task.sleep(until: deadline)
            }
            let state = pending.withLock { pending -> MeshState? in
                guard pending.debounce.deadline != nil else { return nil }
                pending.debounce.pushed()
                return pending.state
            }
            if let state { publish(state.snapshot(builder)) }
        }
    }
}
