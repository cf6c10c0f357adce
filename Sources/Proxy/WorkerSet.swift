// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// The workers of all event loops of one proxy: for the rare news that one has for the others.
final class WorkerSet: Sendable {
    private let members = Mutex<[NIOLoopBound<ProxyWorker>]>([])

    /// Once, when all have been made.
    func fill(_ workers: [NIOLoopBound<ProxyWorker>]) { self.members.withLock { $0 = workers } }

    /// Runs `body` on every other loop, soon.
    func tellOthers(than worker: ProxyWorker, _ body: @escaping @Sendable (ProxyWorker) -> Void) {
        for member in self.members.withLock({ $0 }) where member.eventLoop !== worker.eventLoop {
            member.eventLoop.execute { body(member.value) }
        }
    }
}
