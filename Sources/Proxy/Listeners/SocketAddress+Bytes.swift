// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

extension SocketAddress {
    /// 4 or 16 bytes, an IPv4 address inside IPv6 as IPv4; nil for a Unix socket.
    var addressBytes: [UInt8]? { self.ipAddress.flatMap { IPAddressBytes.parse($0) } }

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
