// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import MeshResources
import ResourceStores
import ServiceLifecycle
import Synchronization
import XDSProtocol
import XDSServer

/// Shows on a resource that proxies do not take what it leads to, as the condition `Reconciled` that Istio uses.
///
/// A rejection says only what was rejected, not who wrote it: it is put down to the resources that changed between the last
/// generation that the proxy took and the one that it rejected.
final class RejectionReporter: Service {
    private struct Rejected: Sendable, Hashable {
        var connection: UInt64
        var type: ResourceType
    }

    private enum Report: Sendable {
        case rejected(Rejected, node: String, message: String, accepted: UInt64, generation: UInt64)
        case accepted(Rejected)
    }

    static let condition = "Reconciled"

    private let store: any ResourceStore
    private let logger: Logger
    /// What each proxy rejects at the moment, so that only changes are reported.
    private let current = Mutex<[Rejected: String]>([:])
    private let reports = AsyncStream<Report>.makeStream(bufferingPolicy: .bufferingOldest(1000))

    init(store: any ResourceStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    func changed(_ status: ProxyStatus) {
        for type in ResourceType.allCases {
            let rejected = Rejected(connection: status.proxy.connectionID, type: type)
            let subscription = status[type]
            if let rejection = subscription.rejection {
                guard current.withLock({ $0.updateValue(rejection.message, forKey: rejected) }) != rejection.message else {
                    continue
                }
                logger.warning(
                    "configuration rejected by a proxy",
                    metadata: ["node.id": "\(status.proxy.nodeID)", "type": "\(type.shortName)", "error": "\(rejection.message)"])
                reports.continuation.yield(
                    .rejected(
                        rejected, node: status.proxy.nodeID, message: "\(type.shortName): \(rejection.message.prefix(2000))",
                        accepted: subscription.acknowledgedGeneration.flatMap { UInt64($0) } ?? 0,
                        generation: UInt64(rejection.generation) ?? 0))
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
            var blamed: [Rejected: [ResourceKey]] = [:]
            for await report in self.reports.stream {
                switch report {
                case .rejected(let rejected, let node, let message, let accepted, let generation):
                    let keys = await self.suspects(after: accepted, through: generation)
                    blamed[rejected] = keys
                    for key in keys { await self.setCondition(on: key, message: "\(node): \(message)") }
                case .accepted(let rejected):
                    let stillBlamed = Set(blamed.filter { $0.key != rejected }.values.joined())
                    for key in blamed.removeValue(forKey: rejected) ?? [] where !stillBlamed.contains(key) {
                        await self.setCondition(on: key, message: nil)
                    }
                }
            }
        }
    }

    private func suspects(after accepted: UInt64, through generation: UInt64) async -> [ResourceKey] {
        guard let resources = try? await store.list(ResourceQuery()).items else { return [] }
        return resources.filter { resource in
            let revision = resource.metadata.resourceVersion
            return !resource.kind.group.isEmpty && resource.kind != .workloadEntry && revision > accepted && revision <= generation
        }.map(\.key)
    }

    /// Nil takes the condition away.
    private func setCondition(on key: ResourceKey, message: String?) async {
        for _ in 0..<5 {
            guard let resource = try? await store.get(key) else { return }
            var tree = resource.tree
            var status = tree["status"] ?? [:]
            var conditions = (status["conditions"]?.array ?? []).filter { $0.string("type") != Self.condition }
            if let message {
                conditions.append([
                    "type": .init(.string(Self.condition)), "status": "False", "reason": "RejectedByProxy",
                    "message": .init(.string(message)), "lastTransitionTime": .init(.string(Date().formatted(.iso8601))),
                ])
            }
            status["conditions"] = conditions.isEmpty ? nil : .init(.array(conditions))
            tree["status"] = status.members?.isEmpty == false ? status : nil
            let changed = ValidatedResource(
                stored: UnvalidatedResource(kind: resource.kind, version: resource.kind.storageVersion, tree: tree))
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
