// SPDX-License-Identifier: Apache-2.0

/// Namespace of the server side of an HTTP/1 connection.
package enum HTTP1Connection {}

extension HTTP1Connection {
    /// What a downstream connection may do next: which half of the current exchange is open and whether another may follow.
    /// One exchange at a time: pipelined requests wait in the buffer.
    package struct StateMachine: ~Copyable {
        private enum State {
            /// Waiting for a head.
            case idle
            case exchange(requestOpen: Bool, responseOpen: Bool)
            /// 101 or CONNECT: bytes from here on.
            case tunnel
            case closed
        }

        /// What is to be done when one half has ended.
        package enum HalfEndedAction: Equatable, Sendable {
            /// The other half is still open.
            case wait
            /// The exchange is over: the next head may be parsed.
            case nextRequest
            /// The exchange is over and so is the connection, after what was written.
            case close
        }

        private var state: State
        private var persistent: Bool

        package init() {
            self.state = .idle
            self.persistent = true
        }

        package var isIdle: Bool {
            if case .idle = self.state { return true }
            return false
        }

        /// More of the request in hand is to come.
        package var isRequestOpen: Bool {
            if case .exchange(requestOpen: true, _) = self.state { return true }
            return false
        }

        /// Whether the response in hand must say `connection: close`.
        package var willClose: Bool { !self.persistent }

        /// A drain, a limit or the client's wish: the current exchange is the last one.
        package mutating func closeAfterExchange() { self.persistent = false }

        /// A head has been parsed. False if none was expected (then the bytes are to be ignored).
        package mutating func requestStarted(persistent: Bool) -> Bool {
            guard case .idle = self.state else { return false }
            self.state = .exchange(requestOpen: true, responseOpen: true)
            self.persistent = self.persistent && persistent
            return true
        }

        package mutating func requestEnded() -> HalfEndedAction {
            guard case .exchange(_, let responseOpen) = self.state else { return .wait }
            return self.half(requestOpen: false, responseOpen: responseOpen)
        }

        /// - Parameter delimited: False for a body that ends with the connection.
        package mutating func responseEnded(delimited: Bool) -> HalfEndedAction {
            guard case .exchange(let requestOpen, _) = self.state else { return .wait }
            self.persistent = self.persistent && delimited
            // An answer that comes before the request has ended: what follows cannot be told from a next request unless it is read
            // to its end, and the client may not stop: close instead.
            if requestOpen { self.persistent = false }
            return self.half(requestOpen: requestOpen && self.persistent, responseOpen: false)
        }

        package mutating func becameTunnel() { self.state = .tunnel }

        package mutating func closed() { self.state = .closed }

        private mutating func half(requestOpen: Bool, responseOpen: Bool) -> HalfEndedAction {
            guard !requestOpen, !responseOpen else {
                self.state = .exchange(requestOpen: requestOpen, responseOpen: responseOpen)
                return .wait
            }
            guard self.persistent else {
                self.state = .closed
                return .close
            }
            self.state = .idle
            return .nextRequest
        }
    }
}
