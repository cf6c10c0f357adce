// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

extension SocketAddress {
    /// 4 or 16 bytes, an IPv4 address inside IPv6 as IPv4; nil for a Unix socket.
    var addressBytes: [UInt8]? {
        let place: Range<Int>
        // Where `sockaddr_in` and `sockaddr_in6` have the address, on every system.
        switch self {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket: return nil
        }
        return self.withSockAddr { address, size in
            let bytes = UnsafeRawBufferPointer(start: address, count: size)
            guard place.upperBound <= bytes.count else { return nil }
            let found = bytes[place]
            return Array(found.starts(with: Self.mappedPrefix) ? found.dropFirst(Self.mappedPrefix.count) : found)
        }
    }

    /// `::ffff:0:0/96`
    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    var endpoint: IPEndpoint? {
        guard let bytes = self.addressBytes, let port = self.port else { return nil }
        return IPEndpoint(bytes: bytes, port: port)
    }

    init?(_ endpoint: IPEndpoint) {
        guard let made = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: endpoint.bytes), port: endpoint.port) else {
            return nil
        }
        self = made
    }
}
