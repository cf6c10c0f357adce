// SPDX-License-Identifier: Apache-2.0

/// What reads a client's requests from its connection, whatever the protocol.
protocol DownstreamSession: AnyObject {
    /// The listener changed or the proxy stops: what runs is finished, nothing new is begun.
    func drain()
}
