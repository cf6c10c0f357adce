// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import MeshResources
import ResourceStores
import ServiceLifecycle
import Synchronization
import XDSProtocol
import XDSServer

/// Shows on a resource that proxies do not take what it leads to (`RejectionCondition`), until they do.
///
/// The resource is found by what the proxy says, by the metadata of what it was sent (`RejectionSuspects`), and, where those leave
/// several, by what changed between the last generation that the proxy took and the one that it rejected.
final class RejectionReporter: Service {
    private struct Rejected: Sendable, Hashable {
        var connection: UInt64
        var type: ResourceType
    }

    private struct Complaint: Sendable {
        var node: String
        var message: String
        var accepted: UInt64
        var generation: UInt64
        var suspects: RejectionSuspects
    }

    private enum Report: Sendable {
        case rejected(Rejected, Complaint)
        case accepted(Rejected)
    }

    /// Where more resources than this could be meant, none is blamed: a condition on the innocent helps nobody.
    private static let mostBlamed = 10

    private let store: any ResourceStore
    private let logger: Logger
    /// What each proxy rejects at the moment, so that only changes are reported.
    private let current = Mutex<[Rejected: String]>([:])
    private let reports = AsyncStream<Report>.makeStream(bufferingPolicy: .bufferingOldest(1000))

    init(store: any ResourceStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// - Parameter sent: What the proxy was sent of a type.
    func changed(_ status: ProxyStatus, sent: (ResourceType) -> ResourceSet) {
        for type in ResourceType.allCases {
            let rejected = Rejected(connection: status.proxy.connectionID, type: type)
            let subscription = status[type]
            if let rejection = subscription.rejection {
                let message = String(rejection.message.prefix(2000))
                guard current.withLock({ $0.updateValue(message, forKey: rejected) }) != message else { continue }
                let complaint = Complaint(
                    node: status.proxy.nodeID, message: "\(type.shortName): \(message)",
                    accepted: subscription.acknowledgedGeneration.flatMap { UInt64($0) } ?? 0,
                    generation: UInt64(rejection.generation) ?? 0,
                    suspects: RejectionSuspects(type: type, message: message, sent: sent(type)))
                reports.continuation.yield(.rejected(rejected, complaint))
            } else if current.withLock({ $0.removeValue(forKey: rejected) }) != nil {
                reports.continuation.yield(.accepted(rejected))
            }
        }
    }

    func forget(_ connection: UInt64) {
        for type in ResourceType.allCases {
            let rejected = Rejected(connection: connection, type: type)
            if current.withLock({ $0.removeValue(forKey: rejected) }) != nil { reports.continuation.yield(.accepted(rejected)) }
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.clearLeftovers()
            var blamed: [Rejected: [ResourceKey]] = [:]
            for await report in self.reports.stream {
                switch report {
                case .rejected(let rejected, let complaint):
                    let before = blamed.removeValue(forKey: rejected) ?? []
                    let keys = await self.blame(rejected.type, complaint)
                    blamed[rejected] = keys
                    await self.clear(before, except: Set(blamed.values.joined()))
                    for key in keys { await self.setCondition(on: key, message: "\(complaint.node): \(complaint.message)") }
                case .accepted(let rejected):
                    let keys = blamed.removeValue(forKey: rejected) ?? []
                    await self.clear(keys, except: Set(blamed.values.joined()))
                }
            }
        }
    }

    private func blame(_ type: ResourceType, _ complaint: Complaint) async -> [ResourceKey] {
        guard let resources = try? await store.list(ResourceQuery()).items else { return [] }
        let kinds = RejectionSuspects.kinds(of: type)
        let recent = Set(
            resources.filter { resource in
                // A condition that was written since says nothing about when the specification changed.
                let isMarked = RejectionCondition.stands(in: resource.tree)
                let revision = resource.metadata.resourceVersion
                return kinds.contains(resource.kind) && revision > complaint.accepted
                    && (revision <= complaint.generation || isMarked)
            }.map(\.key))
        let suspects = complaint.suspects
        let both = suspects.keys.intersection(recent)
        let keys = !both.isEmpty ? both : suspects.isNamed ? suspects.keys : recent
        guard keys.count <= Self.mostBlamed else { return [] }
        return keys.sorted()
    }

    private func clear(_ keys: [ResourceKey], except blamed: Set<ResourceKey>) async {
        for key in keys where !blamed.contains(key) { await setCondition(on: key, message: nil) }
    }

    /// Of an earlier process: proxies connect again, and those that still reject say so.
    private func clearLeftovers() async {
        guard let resources = try? await store.list(ResourceQuery()).items else { return }
        for resource in resources where RejectionCondition.stands(in: resource.tree) {
            await setCondition(on: resource.key, message: nil)
        }
    }

    /// Nil takes the condition away.
    private func setCondition(on key: ResourceKey, message: String?) async {
        for _ in 0..<5 {
            guard let resource = try? await store.get(key) else { return }
            let tree = RejectionCondition.set(message, in: resource.tree, at: Date())
            guard tree != resource.tree else { return }
            var changed = ValidatedResource(
                stored: UnvalidatedResource(kind: resource.kind, version: resource.kind.storageVersion, tree: tree))
            changed.metadata = resource.metadata
            do {
                _ = try await store.replace(changed, author: "malla: proxy status")
                return
            } catch let error as StoreError where error.code == .conflict {
                continue
            } catch {
                logger.warning("status could not be written", metadata: ["resource": "\(key)", "error": "\(error)"])
                return
            }
        }
    }
}
