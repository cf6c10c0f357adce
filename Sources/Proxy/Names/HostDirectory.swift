// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel
import Synchronization

/// Addresses of host names, as they were when asking last succeeded. Shared by all event loops, which look when they are told that
/// something is new.
final class HostDirectory: Sendable {
    private let resolver: any HostResolver
    private let known = Mutex<[String: [String]]>([:])

    init(resolver: any HostResolver) { self.resolver = resolver }

    func addresses(of name: String) -> [String] { self.known.withLock { $0[name] ?? [] } }

    /// Asks again. A failure changes nothing; the future does not fail.
    func refresh(_ names: [String], on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let questions = names.map { name in
            self.resolver.addresses(of: name, on: eventLoop).map { self.take($0, of: name) }.recover { _ in }
        }
        return EventLoopFuture.andAllComplete(questions, on: eventLoop)
    }

    private func take(_ addresses: [String], of name: String) {
        self.known.withLock { known in
            // Resolvers turn their answers round: the order says nothing.
            if Set(known[name] ?? []) != Set(addresses) { known[name] = addresses }
        }
    }

    /// Names of `snapshot` that are new are asked for now, so that its clusters have endpoints when they begin; the rest is forgotten.
    /// Done when the last answer is there or `limit` is over.
    func prepare(_ snapshot: ProxySnapshot, on eventLoop: any EventLoop, within limit: TimeAmount) -> EventLoopFuture<Void> {
        var names: Set<String> = []
        for cluster in snapshot.clusters.values {
            if case .named(let set, _) = cluster.endpointSource { names.formUnion(NamedEndpoints.names(in: set)) }
        }
        let missing = self.known.withLock { known in
            known = known.filter { names.contains($0.key) }
            return names.filter { known[$0] == nil }.sorted()
        }
        guard !missing.isEmpty else { return eventLoop.makeSucceededVoidFuture() }
        // Answers cut the wait short; a timer that is cancelled fails, which is as good.
        let wait = eventLoop.scheduleTask(in: limit) {}
        self.refresh(missing, on: eventLoop).whenComplete { _ in wait.cancel() }
        return wait.futureResult.recover { _ in }
    }
}
