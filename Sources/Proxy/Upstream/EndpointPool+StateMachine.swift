// SPDX-License-Identifier: Apache-2.0

extension EndpointPool {
    /// How many connections are wanted: one on its way for each request that waits, as far as limits allow.
    struct StateMachine: ~Copyable {
        enum AcquireAction: Equatable {
            case useIdle
            /// The request waits; a connection is to be made for it.
            case connect
            /// The request waits for one that is busy or on its way.
            case wait
            case overflow
        }

        private(set) var idle = 0
        private(set) var connecting = 0
        private(set) var waiting = 0
        private(set) var open = 0

        /// - Parameters:
        ///   - mayConnect: Whether the cluster's connection limit has room (then it has been taken).
        ///   - mayWait: Whether the pending limit has room.
        mutating func acquire(mayWait: () -> Bool, mayConnect: () -> Bool) -> AcquireAction {
            if self.idle > 0 {
                self.idle -= 1
                return .useIdle
            }
            guard mayWait() else { return .overflow }
            self.waiting += 1
            guard self.connecting < self.waiting, mayConnect() else { return .wait }
            self.connecting += 1
            self.open += 1
            return .connect
        }

        mutating func connectFailed() {
            self.connecting -= 1
            self.open -= 1
        }

        /// A connection is ready. True if a waiting request takes it.
        mutating func connected() -> Bool {
            self.connecting -= 1
            return self.free()
        }

        /// A busy connection is free again. True if a waiting request takes it.
        mutating func released() -> Bool { self.free() }

        mutating func waiterLeft() { self.waiting -= 1 }

        mutating func closed(wasIdle: Bool) {
            self.open -= 1
            if wasIdle { self.idle -= 1 }
        }

        /// After a connection closed: whether another must be made for those who wait.
        mutating func wantsConnection(mayConnect: () -> Bool) -> Bool {
            guard self.connecting < self.waiting, mayConnect() else { return false }
            self.connecting += 1
            self.open += 1
            return true
        }

        /// A connection that somebody else has made is idle here.
        mutating func adopted() {
            self.open += 1
            self.idle += 1
        }

        /// True if there is an idle connection, which is busy from now on.
        mutating func takeIdle() -> Bool {
            guard self.idle > 0 else { return false }
            self.idle -= 1
            return true
        }

        private mutating func free() -> Bool {
            guard self.waiting > 0 else {
                self.idle += 1
                return false
            }
            self.waiting -= 1
            return true
        }
    }
}
