// SPDX-License-Identifier: Apache-2.0
import HTTP2
import NIOCore

extension HTTP2Connection {
    /// What is to be written, in order.
    func takeOutput() -> [ByteBuffer] {
        var parts: [ByteBuffer] = []
        self.writeOutput({ parts.append($0) }, flush: {})
        return parts
    }
}
