// SPDX-License-Identifier: Apache-2.0
import Logging
import MeshModel
import Synchronization
import Translation
import XDSProtocol
import XDSServer

/// What proxies are sent: the newest snapshot, translated for each of them.
final class MeshResourceSource: ResourceSource {
    private struct Translated: Sendable {
        var generation: UInt64
        var resources: ProxyResources
    }

    private struct State: Sendable {
        var snapshot: MeshSnapshot
        var nodes: [UInt64: ProxyNode] = [:]
        var translated: [UInt64: Translated] = [:]
    }

    private let state: Mutex<State>
    private let cleanup: StaleWorkloadCleanup
    private let rejections: RejectionReporter
    private let logger: Logger

    init(snapshot: MeshSnapshot, cleanup: StaleWorkloadCleanup, rejections: RejectionReporter, logger: Logger) {
        state = Mutex(State(snapshot: snapshot))
        self.cleanup = cleanup
        self.rejections = rejections
        self.logger = logger
    }

    func update(_ snapshot: MeshSnapshot) { state.withLock { $0.snapshot = snapshot } }

    func resources(for proxy: ConnectedProxy) async throws -> ProxyResources {
        let (snapshot, known, cached) = state.withLock {
            ($0.snapshot, $0.nodes[proxy.connectionID], $0.translated[proxy.connectionID])
        }
        if let cached, cached.generation == snapshot.generation { return cached.resources }
        let node = try known ?? ProxyNode.decode(proxy.node)
        let resources = ProxyTranslation.resources(for: node, in: snapshot)
        state.withLock { state in
            guard state.nodes[proxy.connectionID] != nil else { return }
            state.translated[proxy.connectionID] = Translated(generation: snapshot.generation, resources: resources)
        }
        return resources
    }

    func proxyConnected(_ proxy: ConnectedProxy) async throws {
        let node = try ProxyNode.decode(proxy.node)
        state.withLock { $0.nodes[proxy.connectionID] = node }
        cleanup.connected(namespace: node.namespace, name: node.name, connection: proxy.connectionID)
        logger.info("proxy connected", metadata: ["node.id": "\(node.id)", "proxy": "\(proxy.userAgent)"])
    }

    func proxyDisconnected(_ proxy: ConnectedProxy) async {
        let node = state.withLock { state in
            state.translated[proxy.connectionID] = nil
            return state.nodes.removeValue(forKey: proxy.connectionID)
        }
        guard let node else { return }
        cleanup.disconnected(namespace: node.namespace, name: node.name, connection: proxy.connectionID)
        rejections.forget(proxy.connectionID)
        logger.info("proxy disconnected", metadata: ["node.id": "\(node.id)"])
    }

    func proxyStatusChanged(_ status: ProxyStatus) async {
        let sent = state.withLock { $0.translated[status.proxy.connectionID]?.resources }
        rejections.changed(status) { sent?[$0] ?? ResourceSet() }
    }
}
