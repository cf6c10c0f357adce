// SPDX-License-Identifier: Apache-2.0
import Synchronization
import XDSClient
import XDSProtocol

/// A client's handler that asks for the endpoints of every cluster and a route table per listener, as a proxy would, and hands
/// each update to the test.
final class RecordingHandler: ResourceUpdateHandler {
    private struct State: Sendable {
        var clusters: Set<String> = []
        var listeners: Set<String> = []
        var rejecting: [ResourceType: String] = [:]
        var client: DiscoveryClient?
    }

    private let state = Mutex(State())
    private let continuation: AsyncStream<ResourceUpdate>.Continuation
    private let closing: AsyncStream<String>.Continuation
    let updates: AsyncStream<ResourceUpdate>
    let closed: AsyncStream<String>

    init() {
        (self.updates, self.continuation) = AsyncStream.makeStream()
        (self.closed, self.closing) = AsyncStream.makeStream()
    }

    func follow(_ client: DiscoveryClient) { self.state.withLock { $0.client = client } }
    func reject(_ type: ResourceType, _ message: String?) { self.state.withLock { $0.rejecting[type] = message } }

    func streamClosed(_ reason: String, wasOpen: Bool) async { self.closing.yield(reason) }

    func apply(_ update: ResourceUpdate) async -> UpdateVerdict {
        self.continuation.yield(update)
        return self.state.withLock { state in
            if let message = state.rejecting[update.type] { return .rejected(message) }
            switch update.type {
            case .cluster:
                state.clusters = state.clusters.union(update.upserted.map(\.name)).subtracting(update.removed)
                state.client?.subscribe(to: .endpoints, names: state.clusters)
            case .listener:
                state.listeners = state.listeners.union(update.upserted.map(\.name)).subtracting(update.removed)
                state.client?.subscribe(to: .routes, names: Set(state.listeners.map { "routes-\($0)" }))
            default:
                break
            }
            return .accepted
        }
    }

    /// Takes the next `count` updates.
    func take(_ count: Int) async throws -> [ResourceUpdate] {
        var taken: [ResourceUpdate] = []
        for await update in self.updates {
            taken.append(update)
            if taken.count == count { return taken }
        }
        throw TestFailure.ended
    }
}

extension ResourceUpdate {
    /// `CDS +a +b -c`
    var summary: String {
        ([self.type.shortName] + self.upserted.map { "+\($0.name)" }.sorted() + self.removed.map { "-\($0)" }.sorted())
            .joined(separator: " ")
    }
}
