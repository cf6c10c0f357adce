// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

/// Pings of one HTTP/2 connection. Whoever is on the other end without answering has gone.
///
/// Belongs to the connection's event loop, and holds the connection until `stop`.
final class HTTP2KeepAlive {
    private let options: HTTP2Options.KeepAlive
    private let eventLoop: any EventLoop
    private var connection: (any HTTP2Pinging)?
    private var next: Scheduled<Void>?
    private var timeout: Scheduled<Void>?
    private var sent: UInt64 = 0

    init(_ options: HTTP2Options.KeepAlive, eventLoop: any EventLoop, connection: any HTTP2Pinging) {
        self.options = options
        self.eventLoop = eventLoop
        self.connection = connection
        self.schedule()
    }

    func stop() {
        self.next?.cancel()
        self.timeout?.cancel()
        self.connection = nil
    }

    /// An answer to a ping has come.
    func answered() {
        guard self.timeout != nil else { return }
        self.timeout?.cancel()
        self.timeout = nil
        self.schedule()
    }

    /// A stream begins after the connection had none since `idleSince`.
    func streamBegins(idleSince: NIODeadline) {
        guard let interval = self.options.idleInterval, NIODeadline.now() - idleSince >= TimeAmount(interval) else { return }
        self.next?.cancel()
        self.ping()
    }

    private func schedule() {
        guard let interval = self.options.interval else { return }
        let jitter = self.options.jitter / 100 * .random(in: 0...1)
        self.next = self.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(interval + interval * jitter)) { self.ping() }
    }

    private func ping() {
        guard self.timeout == nil, let connection = self.connection else { return }
        self.sent &+= 1
        self.timeout = self.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(self.options.timeout)) {
            self.timeout = nil
            self.connection?.pingWasNotAnswered()
        }
        connection.sendPing(self.sent)
    }
}

/// A connection that can ping.
protocol HTTP2Pinging: AnyObject {
    func sendPing(_ data: UInt64)
    /// Its streams are lost.
    func pingWasNotAnswered()
}
