// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// How long a connection may have nothing to do, and a head may take to arrive.
extension HTTP1Session: TimerTarget {
    /// One timer runs over many exchanges: it looks when it fires whether the connection has been idle that long.
    func becameIdle(since now: NIODeadline) {
        if self.connection.isDraining { self.armDrainTimer() }
        self.idleSince = now
        guard self.timers.idle == nil, let timeout = self.connection.idleTimeout else { return }
        self.timers.idle = self.connection.worker.timers.schedule(self, .idle, after: timeout, now: self.idleSince)
    }

    /// A head has begun. The shortest of what the connection manager allows it holds, counted from its first bytes.
    func armHeadTimer() {
        guard self.hasPartOfHead, self.timers.head == nil, let limit = self.connection.headLimit else { return }
        self.timers.head = self.connection.worker.timers.schedule(self, .headers, after: limit.time)
    }

    /// The listener changed or the proxy stops: the answer in hand is the last one.
    func drain() {
        guard self.machine.isIdle else {
            // An answer whose head has left has not said that it is the last: the next one will.
            if !self.hasAnswered { self.machine.closeAfterExchange() }
            return
        }
        self.armDrainTimer()
    }

    /// A request may be on its way: an idle connection gets the drain time before it is closed.
    private func armDrainTimer() {
        guard self.timers.drain == nil else { return }
        self.timers.drain = self.connection.worker.timers.schedule(self, .drain, after: self.connection.drainTimeout)
    }

    func timerFired(_ kind: TimerKind) {
        switch kind {
        case .idle:
            self.timers.idle = nil
            guard self.machine.isIdle, let timeout = self.connection.idleTimeout else { return }
            let rest = self.idleSince + timeout - .now()
            guard rest > .zero else {
                self.connection.stats.idleTimeouts &+= 1
                return self.closeAfterFlush(lingers: false)
            }
            self.timers.idle = self.connection.worker.timers.schedule(self, .idle, after: rest)
        case .headers:
            self.timers.head = nil
            guard self.hasPartOfHead, let limit = self.connection.headLimit else { return }
            self.giveUpHead(limit.failure)
        case .drain:
            // Either the drain's or the last answer's: after the latter the machine is idle no more.
            if self.isClosing {
                self.connection.stats.lateCloses &+= 1
                self.context?.close(promise: nil)
            }
            // The client may not have taken all of the last answer yet.
            if self.machine.isIdle { self.closeAfterFlush(lingers: false) }
        default: break
        }
    }
}
