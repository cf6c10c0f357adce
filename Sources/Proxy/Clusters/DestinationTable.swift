// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

/// Endpoints of one event loop that are made of the addresses that clients want to go to, and go when nobody wants any more.
final class DestinationTable {
    private final class Entry {
        let endpoint: EndpointState
        var wasUsed = true

        init(_ endpoint: EndpointState) { self.endpoint = endpoint }
    }

    private let eventLoop: any EventLoop
    private let interval: TimeAmount
    private var entries: [IPEndpoint: Entry] = [:]
    private var timer: Scheduled<Void>?

    init(eventLoop: any EventLoop, interval: Duration) {
        self.eventLoop = eventLoop
        self.interval = TimeAmount(interval)
    }

    var endpoints: [EndpointState] { self.entries.values.map(\.endpoint) }

    func endpoint(at place: IPEndpoint, make: (ProxySocketAddress) -> EndpointState?) -> EndpointState? {
        if let known = self.entries[place] {
            known.wasUsed = true
            return known.endpoint
        }
        guard let host = SocketAddress(place)?.ipAddress, let endpoint = make(.host(host, port: place.port)) else { return nil }
        self.entries[place] = Entry(endpoint)
        self.scheduleSweep()
        return endpoint
    }

    func retire() {
        self.timer?.cancel()
        self.timer = nil
        for entry in self.entries.values { entry.endpoint.pools.retire() }
        self.entries = [:]
    }

    /// The task holds the table until it has run, or `retire` has cancelled it.
    private func scheduleSweep() {
        guard self.timer == nil, !self.entries.isEmpty else { return }
        self.timer = self.eventLoop.assumeIsolated().scheduleTask(in: self.interval) {
            self.timer = nil
            for (place, entry) in self.entries {
                if entry.wasUsed || entry.endpoint.active > 0 {
                    entry.wasUsed = false
                } else {
                    entry.endpoint.pools.retire()
                    self.entries[place] = nil
                }
            }
            self.scheduleSweep()
        }
    }
}
