// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// Bodies of HTTP/1, the same in both directions.
extension SocketOutput {
    /// A part of a body, as a chunk where the message is sent in chunks.
    func append(_ data: ByteBuffer, chunked: Bool) {
        guard data.readableBytes > 0 else { return }
        guard chunked else { return self.append(data) }
        self.begin()
        HeadWriter.writeChunkStart(data.readableBytes, into: &self.buffer)
        self.append(data)
        self.begin()
        self.buffer.writeStaticString("\r\n")
    }

    /// Behind the last chunk.
    func endChunks(_ trailers: HeaderBlock?) {
        self.begin()
        HeadWriter.writeLastChunk(trailers: trailers, into: &self.buffer)
    }
}
