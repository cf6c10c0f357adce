// SPDX-License-Identifier: Apache-2.0

/// Probes by which the system notices that a peer is gone without a word. What is nil is as the system has it.
package struct TCPKeepAlive: Sendable, Hashable {
    /// Without an answer, until the connection counts as gone.
    package var probes: Int?
    /// Seconds of silence before the first probe.
    package var time: Int?
    /// Seconds between probes.
    package var interval: Int?

    package init(probes: Int? = nil, time: Int? = nil, interval: Int? = nil) {
        self.probes = probes
        self.time = time
        self.interval = interval
    }
}
