// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Sockets

/// Where a connection was going before the system's packet filter redirected it here (`SO_ORIGINAL_DST`).
enum OriginalDestination {
    /// What Linux writes: a `sockaddr_in` or a `sockaddr_in6`, which both fit.
    struct RawAddress: Sendable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        /// nil if the family is neither.
        var socketAddress: SocketAddress? {
            let bytes = withUnsafeBytes(of: self.words) { Array($0) }
            let port = Int(bytes[2]) << 8 | Int(bytes[3])
            let range: Range<Int>
            switch withUnsafeBytes(of: self.words, { $0.load(as: UInt16.self) }) {
            case 2: range = 4..<8
            case 10: range = 8..<24
            default: return nil
            }
            return try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes[range]), port: port)
        }
    }

    /// nil where nothing was redirected, or the system cannot say. On the channel's loop.
    static func of(_ channel: any Channel) -> SocketAddress? {
        #if os(Linux)
            guard let socket = channel as? SocketChannel else { return nil }
            // Numbers of Linux that its C libraries do not name: IPPROTO_IP or IPPROTO_IPV6, and (IP6T_)SO_ORIGINAL_DST.
            let level: CInt
            switch channel.localAddress {
            case .v4?: level = 0
            case .v6?: level = 41
            case .unixDomainSocket?, nil: return nil
            }
            return socket.systemOption(level: level, name: 80, RawAddress())?.socketAddress
        #else
            return nil
        #endif
    }
}
