// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
import Observability
package import ProxyModel
package import XDSClient
import XDSDecoding
package import XDSProtocol

/// Takes updates from the control plane one at a time, tries them on the data plane, and answers ACK or NACK. What was
/// accepted is kept on disk as the last good configuration. An actor: control-plane work, rare and slow.
///
/// One bad resource costs only itself: the others of its update are put into effect, and of the bad one the last good version
/// stays. What was refused for what else there is, not for itself, is tried again whenever that has changed.
///
/// Several streams and files may bring updates: they take turns.
package actor ConfigurationAgent: ResourceUpdateHandler {
    /// Characters of a NACK's message.
    private static let maximumMessageLength = 4096
    /// Refused resources that are tried again after one update.
    private static let maximumRetries = 16

    private let dataPlane: any DataPlane
    /// What the bootstrap holds itself; always part of what runs.
    private let statics: ResourceTable
    private let lastGood: LastGoodConfiguration?
    private let readiness: ReadinessGate
    /// Types of which something has to be heard before the proxy is ready.
    private let awaited: Set<ResourceType>
    private let sources: SourceDirectory
    private let now: @Sendable () -> Date
    private let logger: Logger
    private var subscribe: (@Sendable (ResourceType, [ConfigurationSource: Set<String>]) -> Void)?
    private var openStreams = 0
    private var turns = Turns()
    /// By type and name, with what each was refused for.
    private var refused: [ResourceType: [String: XDSResource]] = [:]
    private var references = ReferenceIndex()
    /// Names of which a source has said that there is nothing.
    private var absent: [ResourceType: Set<String>] = [:]
    private var isPatienceOver = false
    package private(set) var status = ConfigurationStatus()

    package init(
        dataPlane: any DataPlane, statics: ResourceTable = ResourceTable(), lastGood: LastGoodConfiguration?,
        readiness: ReadinessGate, awaited: Set<ResourceType> = [.cluster, .listener],
        sources: SourceDirectory = SourceDirectory(), now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.dataPlane = dataPlane
        self.statics = statics
        self.lastGood = lastGood
        self.readiness = readiness
        self.awaited = awaited
        self.sources = sources
        self.now = now
        self.logger = logger
    }

    /// The stream's end of subscriptions; before `restore` and before the stream runs.
    package func connect(_ subscribe: @escaping @Sendable (ResourceType, [ConfigurationSource: Set<String>]) -> Void) {
        self.subscribe = subscribe
        self.subscribeToReferences(of: [.cluster, .listener])
    }

    /// Puts the bootstrap's own resources into effect.
    package func start() async throws {
        if !self.statics.isEmpty { try await self.dataPlane.apply(self.statics) }
        self.noteProgress()
    }

    /// Starts from what was good before, until the control plane says otherwise.
    package func restore() async {
        guard let lastGood, self.status.table.isEmpty else { return }
        await self.turn()
        defer { self.turns.end() }
        do {
            guard let table = try lastGood.load(), !table.isEmpty else { return }
            // The control plane may have spoken meanwhile.
            guard self.status.table.isEmpty else { return }
            try await self.put(table)
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
        self.openStreams += 1
        self.status.isConnected = true
        self.logger.info("control plane stream open")
    }

    package func streamClosed(_ reason: String, wasOpen: Bool) async {
        if wasOpen { self.openStreams -= 1 }
        self.status.isConnected = self.openStreams > 0
    }

    package func apply(_ update: ResourceUpdate) async -> UpdateVerdict {
        await self.turn()
        defer { self.turns.end() }
        let before = self.status.table
        let base = self.base(of: update)
        var candidate = base
        candidate.apply(update.type, upserted: update.upserted, removed: [])
        let verdict: UpdateVerdict
        do {
            try await self.put(candidate)
            self.take(update, candidate, refused: [:])
            verdict = .accepted
        } catch {
            verdict = await self.salvage(update, base, error)
        }
        if self.status.table != before { await self.retryRefused() }
        return verdict
    }

    /// Waits until no other update is under way.
    private func turn() async {
        if self.turns.begin() { return }
        await withCheckedContinuation { self.turns.wait($0) }
    }

    private func put(_ table: ResourceTable) async throws {
        let all = table.merging(self.statics)
        if let fault = self.sources.fault(in: self.references.all(of: all)) { throw BootstrapError(reason: fault) }
        try await self.dataPlane.apply(all)
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
    private func salvage(_ update: ResourceUpdate, _ base: ResourceTable, _ failure: any Error) async -> UpdateVerdict {
        var table = base
        var refused: [String: any Error] = [:]
        for resource in update.upserted.sorted(by: { $0.name < $1.name }) {
            var candidate = table
            candidate.apply(update.type, upserted: [resource], removed: [])
            do {
                // A lone resource has been tried already.
                guard update.upserted.count > 1 else { throw failure }
                try await self.put(candidate)
                table = candidate
            } catch {
                refused[resource.name] = error
            }
        }
        do {
            try await self.put(table)
        } catch {
            self.status.rejected += 1
            self.logger.error("update cannot be applied even in part", metadata: [LogKey.error: "\(error)"])
            return .rejected(String("\(error)".prefix(Self.maximumMessageLength)))
        }
        self.take(update, table, refused: refused)
        let message = refused.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        return refused.isEmpty ? .accepted : .rejected(String(message.prefix(Self.maximumMessageLength)))
    }

    private func take(_ update: ResourceUpdate, _ table: ResourceTable, refused: [String: any Error]) {
        self.status.received.insert(update.type)
        self.absent[update.type, default: []].formUnion(update.removed)
        if !update.systemVersion.isEmpty { self.status.versions[update.type] = update.systemVersion }
        self.note(update, refused)
        self.replace(table, changing: update.type)
    }

    private func replace(_ table: ResourceTable, changing type: ResourceType) {
        let before = self.status.table
        self.status.table = table
        self.subscribeToReferences(of: [type])
        if self.status.table != before {
            self.status.updatedAt[type] = self.now()
            self.lastGood?.save(self.status.table)
        }
        self.noteProgress()
    }

    /// What was refused for its neighbours may be right beside others. What cannot be read never will be.
    private func retryRefused() async {
        let waiting = self.refused.sorted { $0.key < $1.key }.flatMap { type, resources in
            resources.values.sorted { $0.name < $1.name }.map { (type: type, resource: $0) }
        }
        for (type, resource) in waiting.prefix(Self.maximumRetries) {
            var candidate = self.status.table
            candidate.apply(type, upserted: [resource], removed: [])
            guard (try? await self.put(candidate)) != nil else { continue }
            self.refused[type]?[resource.name] = nil
            self.status.rejections[type]?[resource.name] = nil
            if self.status.rejections[type]?.isEmpty == true { self.status.rejections[type] = nil }
            self.replace(candidate, changing: type)
            self.logger.notice(
                "resource that was rejected is taken now",
                metadata: [LogKey.resourceType: "\(type.shortName)", LogKey.resourceName: "\(resource.name)"])
        }
    }

    private func note(_ update: ResourceUpdate, _ refused: [String: any Error]) {
        var rejections = self.status.rejections[update.type] ?? [:]
        for name in update.removed {
            rejections[name] = nil
            self.refused[update.type]?[name] = nil
        }
        for resource in update.upserted {
            let error = refused[resource.name]
            rejections[resource.name] = error.map {
                ResourceRejection(version: resource.version, message: "\($0)", at: self.now())
            }
            let mayBeTaken = error.map { !($0 is DecodingError) } ?? false
            self.refused[update.type, default: [:]][resource.name] = mayBeTaken ? resource : nil
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
        self.references.all(of: self.running).names(of: type)
    }

    /// Asks for what clusters and listeners name now, and forgets what they name no longer: of that no removal will be told.
    private func subscribeToReferences(of types: Set<ResourceType>) {
        var named: Set<ResourceType> = []
        if types.contains(.cluster) { named.formUnion([.endpoints, .secret]) }
        if types.contains(.listener) { named.formUnion([.routes, .secret]) }
        guard !named.isEmpty else { return }
        let references = self.references.all(of: self.running)
        for type in named.sorted() {
            let orphans = self.status.table.names(of: type).subtracting(references.names(of: type))
            self.status.table.apply(type, upserted: [], removed: Array(orphans))
            self.subscribe?(type, self.sources.subscriptions(references[type], type))
        }
    }

    /// As Envoy's warming: ready once every awaited type was heard of, and what listeners and clusters name is there, was refused, or
    /// does not exist.
    private func noteProgress() {
        guard self.status.received.isSuperset(of: self.awaited) else { return }
        for type in [ResourceType.routes, .secret, .endpoints] {
            var wanted = self.wantedNames(of: type)
            if self.isPatienceOver { wanted.formIntersection(self.references.all(of: self.running).patient[type] ?? []) }
            let heard = self.running.names(of: type).union(self.status.rejections[type].map { Set($0.keys) } ?? [])
            guard heard.union(self.absent[type] ?? []).isSuperset(of: wanted) else { return }
        }
        self.readiness.configurationApplied()
    }

    /// From sources other than the proxy itself.
    private func wantedNames(of type: ResourceType) -> Set<String> {
        self.sources.subscriptions(self.references.all(of: self.running)[type], type).values.reduce(into: []) { $0.formUnion($1) }
    }

    /// What was named first has had time enough (`initial_fetch_timeout`, Envoy's 15 s): the proxy goes on without it.
    package func stopWaiting() {
        self.isPatienceOver = true
        self.noteProgress()
    }
}
