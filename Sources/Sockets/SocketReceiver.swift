// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Takes what a socket has read, past the channel's pipeline: for the last handler of a plaintext connection, when no other handler
/// wants to see the bytes. All else (ends, errors, writability) still comes through the pipeline.
package protocol SocketReceiver: AnyObject {
    func received(_ bytes: ByteBuffer)
    /// All that was there has been given.
    func receivedAll()
}
