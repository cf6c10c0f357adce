// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Something that has written and is to be flushed.
protocol TurnFlushing: AnyObject {
    func turnEnded()
}

/// The end of the event loop's turn: what many exchanges of one connection have written by then leaves in one system call, not in
/// one for each of them.
final class TurnEnd {
    private let eventLoop: any EventLoop
    private var waiting: [any TurnFlushing] = []
    /// Its memory is used for the next turn.
    private var running: [any TurnFlushing] = []

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Calls `turnEnded`, once for each call of this, when all that has arrived in this turn has been looked at.
    func flush(_ target: any TurnFlushing) {
        self.waiting.append(target)
        guard self.waiting.count == 1 else { return }
        self.eventLoop.assumeIsolated().execute { self.run() }
    }

    private func run() {
        swap(&self.waiting, &self.running)
        for target in self.running { target.turnEnded() }
        self.running.removeAll(keepingCapacity: true)
    }
}
