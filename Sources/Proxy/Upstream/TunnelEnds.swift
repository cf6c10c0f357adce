// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How far the two directions of a tunnel have come to their ends, on its connection to the endpoint.
struct TunnelEnds {
    /// The endpoint has said all.
    var input = false
    /// We have said all.
    var output = false
    /// And it has left.
    var outputWritten = false

    /// Nothing is left to do on the connection.
    var isOver: Bool { self.input && self.outputWritten }
    /// Only what was written is still to leave. The request's own timers run no more: the endpoint has `flushTime` for it.
    var isEnding: Bool { self.input && self.output && !self.outputWritten }

    static let flushTime = TimeAmount.minutes(5)
}
