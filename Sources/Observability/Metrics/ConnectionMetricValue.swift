// SPDX-License-Identifier: Apache-2.0

/// The TCP metrics of one series.
struct ConnectionMetricValue: Sendable {
    var opened: UInt64 = 0
    var closed: UInt64 = 0
    var sent: UInt64 = 0
    var received: UInt64 = 0

    mutating func merge(_ other: ConnectionMetricValue) {
        self.opened &+= other.opened
        self.closed &+= other.closed
        self.sent &+= other.sent
        self.received &+= other.received
    }
}
