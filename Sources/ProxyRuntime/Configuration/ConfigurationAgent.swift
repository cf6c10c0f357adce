// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
import Observability
package import XDSClient
package import XDSProtocol

/// Takes updates from the control plane one at a time, tries them on the data plane, and answers ACK or NACK. What was
/// accepted is kept on disk as the last good configuration. An actor: control-plane work, rare and slow.
package actor ConfigurationAgent: ResourceUpdateHandler {
    /// A resource that was refused, until a better one comes.
    package struct Rejection: Sendable, Hashable {
        package var type: ResourceType
        package var names: [String]
        package var message: String
        package var at: Date
    }

    package struct Status: Sendable, Hashable {
        package var table = ResourceTable()
        /// When each type last changed.
        package var updatedAt: [ResourceType: Date] = [:]
        package var rejections: [ResourceType: Rejection] = [:]
        package var accepted = 0
        package var rejected = 0
        package var isConnected = false
        /// Types of which the control plane, not the disk, has said something.
        package var received: Set<ResourceType> = []
        package var isRestored = false
    }

    private let dataPlane: any DataPlane
    /// What the bootstrap holds itself; always part of what runs.
    private let statics: ResourceTable
    private let lastGood: LastGoodConfiguration?
    private let readiness: ReadinessGate
    private let now: @Sendable () -> Date
    private let logger: Logger
    private var subscribe: (@Sendable (ResourceType, Set<String>) -> Void)?
    package private(set) var status = Status()

    package init(
        dataPlane: any DataPlane, statics: ResourceTable = ResourceTable(), lastGood: LastGoodConfiguration?,
        readiness: ReadinessGate, now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.dataPlane = dataPlane
        self.statics = statics
        self.lastGood = lastGood
        self.readiness = readiness
        self.now = now
        self.logger = logger
    }

    /// The stream's end of subscriptions; before `restore` and before the stream runs.
    package func connect(_ subscribe: @escaping @Sendable (ResourceType, Set<String>) -> Void) {
        self.subscribe = subscribe
    }

    /// Puts the bootstrap's own resources into effect.
    package func start() async throws {
        guard !self.statics.isEmpty else { return }
        try await self.dataPlane.apply(self.statics)
    }

    /// Starts from what was good before, until the control plane says otherwise.
    package func restore() async {
        guard let lastGood, self.status.table.isEmpty, let table = lastGood.load(), !table.isEmpty else { return }
        do {
            try await self.dataPlane.apply(table.merging(self.statics))
            guard self.status.table.isEmpty else { return }
            self.status.table = table
            self.status.isRestored = true
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
        var candidate = self.status.table
        // The first word of the control plane about a wildcard type replaces what was restored: it is not told about that.
        if self.status.isRestored, update.type.isWildcardType, !self.status.received.contains(update.type) {
            candidate = candidate.without(update.type)
        }
        candidate.apply(update.type, upserted: update.upserted, removed: update.removed)
        do {
            try await self.dataPlane.apply(candidate.merging(self.statics))
        } catch {
            return self.rejected(update, "\(error)")
        }
        self.accepted(update, candidate)
        return .accepted
    }

    private func accepted(_ update: ResourceUpdate, _ table: ResourceTable) {
        self.status.table = table
        self.status.updatedAt[update.type] = self.now()
        self.status.rejections.removeValue(forKey: update.type)
        self.status.accepted += 1
        self.status.received.insert(update.type)
        switch update.type {
        case .cluster: self.subscribe?(.endpoints, ResourceReferences.endpoints(in: table))
        case .listener: self.subscribe?(.routes, ResourceReferences.routes(in: table))
        default: break
        }
        self.lastGood?.save(table)
        self.noteProgress()
    }

    /// Ready once both wildcard types were heard of and every route table that a listener names is there.
    private func noteProgress() {
        guard self.status.received.isSuperset(of: [.cluster, .listener]) else { return }
        let present = Set(self.status.table[.routes].map(\.name))
        guard present.isSuperset(of: ResourceReferences.routes(in: self.status.table)) else { return }
        self.readiness.configurationApplied()
    }

    private func rejected(_ update: ResourceUpdate, _ message: String) -> UpdateVerdict {
        self.status.rejected += 1
        self.status.received.insert(update.type)
        self.status.rejections[update.type] = Rejection(
            type: update.type, names: update.upserted.map(\.name).sorted(), message: message, at: self.now())
        self.noteProgress()
        self.logger.warning(
            "update rejected; the last good configuration stays",
            metadata: [LogKey.resourceType: "\(update.type.shortName)", LogKey.error: "\(message)"])
        return .rejected(message)
    }
}
