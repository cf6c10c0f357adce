// SPDX-License-Identifier: Apache-2.0

/// What a peer may make us hold before its head is complete. Exceeding a limit ends the connection with the status named.
package struct HTTP1Limits: Sendable, Hashable {
    /// Bytes of a whole head: 431.
    package var headBytes: Int
    /// Header fields of a head: 431.
    package var headerCount: Int
    /// Bytes of a request target: 414.
    package var targetLength: Int
    /// Otherwise a request of HTTP/1.0 is answered by 426.
    package var acceptsHTTP10: Bool
    /// Bytes of one chunk-size line with its extensions: 400.
    package var chunkLineBytes: Int
    /// Bytes of a trailer section: 431.
    package var trailerBytes: Int

    package init(
        headBytes: Int = 60 * 1024,
        headerCount: Int = 100,
        targetLength: Int = 16 * 1024,
        acceptsHTTP10: Bool = true,
        chunkLineBytes: Int = 256,
        trailerBytes: Int = 8 * 1024
    ) {
        self.headBytes = headBytes
        self.headerCount = headerCount
        self.targetLength = targetLength
        self.acceptsHTTP10 = acceptsHTTP10
        self.chunkLineBytes = chunkLineBytes
        self.trailerBytes = trailerBytes
    }
}
