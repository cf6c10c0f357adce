// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// How much is read from a socket at once: little while messages are small, more while a body fills every read, so that it passes
/// in few system calls and wakes the other side seldom. What one connection may hold of a body for a slow peer stays bounded by it.
enum SocketReads {
    static let allocator = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: 256 << 10)
}
