// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
import Observability
package import XDSClient
package import XDSProtocol

/// Takes updates from the control plane one at a time, tries them on the data plane, and answers ACK or NACK. What was
/// accepted is kept on disk as the last good configuration. An actor: control-plane work, rare and slow.
///
/// One bad resource costs only itself: the others of its update are put into effect, and of the bad one the last good version
/// stays.
package actor ConfigurationAgent: ResourceUpdateHandler {
    /// Characters of a NACK's message.
    private static let maximumMessageLength = 4096

    private let dataPlane: any DataPlane
    /// What the bootstrap holds itself; always part of what runs.
    private let statics: ResourceTable
    private let lastGood: LastGoodConfiguration?
    private let readiness: ReadinessGate
    /// Types of which something has to be heard before the proxy is ready.
    private let awaited: Set<ResourceType>
    private let now: @Sendable () -> Date
    private let logger: Logger
    private var subscribe: (@Sendable (ResourceType, Set<String>) -> Void)?
    package private(set) var status = ConfigurationStatus()

    package init(
        dataPlane: any DataPlane, statics: ResourceTable = ResourceTable(), lastGood: LastGoodConfiguration?,
        readiness: ReadinessGate, awaited: Set<ResourceType> = [.cluster, .listener],
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.dataPlane = dataPlane
        self.statics = statics
        self.lastGood = lastGood
        self.readiness = readiness
        self.awaited = awaited
        self.now = now
        self.logger = logger
    }

    /// The stream's end of subscriptions; before `restore` and before the stream runs.
    package func connect(_ subscribe: @escaping @Sendable (ResourceType, Set<String>) -> Void) {
        self.subscribe = subscribe
        self.subscribeToReferences(of: [.cluster, .listener])
    }

    /// Puts the bootstrap's own resources into effect.
    package func start() async throws {
        guard !self.statics.isEmpty else { return }
        try await self.dataPlane.apply(self.statics)
    }

    /// Starts from what was good before, until the control plane says otherwise.
    package func restore() async {
        guard let lastGood, self.status.table.isEmpty else { return }
        do {
            guard let table = try lastGood.load(), !table.isEmpty else { return }
            try await self.dataPlane.apply(table.merging(self.statics))
            // The control plane may have spoken meanwhile.
            guard self.status.table.isEmpty else { return try await self.dataPlane.apply(self.running) }
            self.status.table = table
            self.status.isRestored = true
            self.subscribeToReferences(of: [.cluster, .listener])
            self.logger.notice("last good configuration restored")
            self.readiness.configurationApplied()
        } catch {
            self.logger.warning("last good configuration is of no use", metadata: [LogKey.error: "\(error)"])
        }
    }

    package func streamOpened() async {
        self.status.isConnected = true
        self.logger.info("control plane stream open")
    }

    package func streamClosed(_ reason: String) async { self.status.isConnected = false }

    package func apply(_ update: ResourceUpdate) async -> UpdateVerdict {
        let base = self.base(of: update)
        var candidate = base
        candidate.apply(update.type, upserted: update.upserted, removed: [])
        do {
            try await self.dataPlane.apply(candidate.merging(self.statics))
            self.take(update, candidate, refused: [:])
            return .accepted
        } catch {
            return await self.salvage(update, base, "\(error)")
        }
    }

    /// What the update starts from: the table without what it removes.
    private func base(of update: ResourceUpdate) -> ResourceTable {
        var base = self.status.table
        var removed = update.removed
        // The first word of the control plane about a wildcard type replaces what was restored: it is not told about that.
        if self.status.isRestored, update.type.isWildcardType, !self.status.received.contains(update.type) {
            removed += base.names(of: update.type).subtracting(update.upserted.map(\.name))
        }
        // Like Envoy: a route table or a set of endpoints goes when nothing names it any more, not when the control plane
        // drops it too early.
        let wanted = self.references(to: update.type)
        base.apply(update.type, upserted: [], removed: removed.filter { !wanted.contains($0) })
        return base
    }

    /// One by one, so that one bad resource costs only itself.
    private func salvage(_ update: ResourceUpdate, _ base: ResourceTable, _ failure: String) async -> UpdateVerdict {
        var table = base
        var refused: [String: String] = [:]
        for resource in update.upserted.sorted(by: { $0.name < $1.name }) {
            var candidate = table
            candidate.apply(update.type, upserted: [resource], removed: [])
            do {
                // A lone resource has been tried already.
                guard update.upserted.count > 1 else { throw BootstrapError(reason: failure) }
                try await self.dataPlane.apply(candidate.merging(self.statics))
                table = candidate
            } catch {
                refused[resource.name] = "\(error)"
            }
        }
        do {
            try await self.dataPlane.apply(table.merging(self.statics))
        } catch {
            self.status.rejected += 1
            self.logger.error("update cannot be applied even in part", metadata: [LogKey.error: "\(error)"])
            return .rejected(String("\(error)".prefix(Self.maximumMessageLength)))
        }
        self.take(update, table, refused: refused)
        let message = refused.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        return refused.isEmpty ? .accepted : .rejected(String(message.prefix(Self.maximumMessageLength)))
    }

    private func take(_ update: ResourceUpdate, _ table: ResourceTable, refused: [String: String]) {
        let before = self.status.table
        self.status.table = table
        self.status.received.insert(update.type)
        self.note(update, refused)
        self.subscribeToReferences(of: [update.type])
        if self.status.table != before {
            self.status.updatedAt[update.type] = self.now()
            self.lastGood?.save(self.status.table)
        }
        self.noteProgress()
    }

    private func note(_ update: ResourceUpdate, _ refused: [String: String]) {
        var rejections = self.status.rejections[update.type] ?? [:]
        for name in update.removed { rejections[name] = nil }
        for resource in update.upserted {
            rejections[resource.name] = refused[resource.name].map {
                ResourceRejection(version: resource.version, message: $0, at: self.now())
            }
        }
        self.status.rejections[update.type] = rejections.isEmpty ? nil : rejections
        if refused.isEmpty { self.status.accepted += 1 } else { self.status.rejected += 1 }
        for (name, message) in refused.sorted(by: { $0.key < $1.key }) {
            self.logger.warning(
                "resource rejected; its last good version stays",
                metadata: [
                    LogKey.resourceType: "\(update.type.shortName)", LogKey.resourceName: "\(name)", LogKey.error: "\(message)",
                ])
        }
    }

    // MARK: References

    private var running: ResourceTable { self.status.table.merging(self.statics) }

    /// Names of `type` that clusters and listeners ask for; none for types that are not asked for by name.
    private func references(to type: ResourceType) -> Set<String> {
        switch type {
        case .endpoints: ResourceReferences.endpoints(in: self.running)
        case .routes: ResourceReferences.routes(in: self.running)
        default: []
        }
    }

    /// Asks for what clusters and listeners name now, and forgets what they name no longer: of that no removal will be told.
    private func subscribeToReferences(of types: Set<ResourceType>) {
        for (holder, named) in [(ResourceType.cluster, ResourceType.endpoints), (.listener, .routes)]
        where types.contains(holder) {
            let wanted = self.references(to: named)
            let orphans = self.status.table.names(of: named).subtracting(wanted)
            self.status.table.apply(named, upserted: [], removed: Array(orphans))
            self.subscribe?(named, wanted)
        }
    }

    /// Ready once every awaited type was heard of and every route table that a listener names is there, or was refused.
    private func noteProgress() {
        guard self.status.received.isSuperset(of: self.awaited) else { return }
        let heard = self.running.names(of: .routes).union(self.status.rejections[.routes].map { Set($0.keys) } ?? [])
        guard heard.isSuperset(of: self.references(to: .routes)) else { return }
        self.readiness.configurationApplied()
    }
}
