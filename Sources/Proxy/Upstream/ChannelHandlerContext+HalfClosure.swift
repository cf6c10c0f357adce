// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension ChannelHandlerContext {
    /// Ends our direction of the connection once all that was written has been sent; closing at once would throw it away.
    ///
    /// - Parameter done: After that; not called where the connection closes before.
    func closeOutputWhenWritten(_ done: @escaping () -> Void) {
        let written = self.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess {
            self.close(mode: .output, promise: nil)
            done()
        }
        self.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
    }
}
