// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A request in progress, as the session that reads it from the client sees it.
protocol RequestSource: AnyObject {
    func requestData(_ data: ByteBuffer)
    func requestEnd(_ trailers: HeaderBlock?)
    /// All that has arrived has been handed over.
    func requestReadComplete()
    func downstreamWritabilityChanged(_ isWritable: Bool)
    func downstreamClosed()
}
