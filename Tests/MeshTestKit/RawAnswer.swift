// SPDX-License-Identifier: Apache-2.0

/// What came back on a connection.
package struct RawAnswer: Sendable, Hashable {
    package var bytes: [UInt8]
    /// The peer has closed its end.
    package var isClosed: Bool

    package init(bytes: [UInt8] = [], isClosed: Bool = false) {
        self.bytes = bytes
        self.isClosed = isClosed
    }

    package var text: String { String(decoding: self.bytes, as: UTF8.self) }
}
