// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

/// Between whom a connection is. A proxy in front of us, or the system's redirection, may say more than the socket does.
struct ConnectionEnds {
    /// Where the client wanted to go.
    private(set) var local: SocketAddress?
    /// The client.
    private(set) var remote: SocketAddress?
    /// The socket's other end.
    let directRemote: SocketAddress?
    /// `local` is not the socket's own address.
    private(set) var isRestored = false
    /// What the proxy in front of us said beside the addresses, for the proxies behind us.
    private(set) var keptValues: [ProxyProtocolValue] = []

    init(local: SocketAddress?, remote: SocketAddress?) {
        self.local = local
        self.remote = remote
        self.directRemote = remote
    }

    /// The connection was on its way there before it was redirected to us.
    mutating func restore(_ destination: SocketAddress) {
        guard destination != self.local else { return }
        self.local = destination
        self.isRestored = true
    }

    mutating func take(_ header: ProxyProtocolHeader) {
        self.keptValues = header.values
        guard let ends = header.ends, let source = SocketAddress(ends.source), let destination = SocketAddress(ends.destination)
        else { return }
        self.remote = source
        self.restore(destination)
    }

    /// For the header of a connection to an endpoint; nil where an end has no IP address.
    var announced: ProxyProtocolHeader.Ends? {
        guard let source = self.remote?.endpoint, let destination = self.local?.endpoint else { return nil }
        return ProxyProtocolHeader.Ends(source: source, destination: destination)
    }

    /// nil for a connection that wanted to come to us.
    var originalDestination: IPEndpoint? { self.isRestored ? self.local?.endpoint : nil }

    var facts: ConnectionFacts {
        let source = self.remote?.addressBytes
        let direct = self.directRemote == self.remote ? source : self.directRemote?.addressBytes
        return ConnectionFacts(
            destinationAddress: self.local?.addressBytes, destinationPort: self.local?.port ?? 0, sourceAddress: source,
            sourcePort: self.remote?.port ?? 0, directSourceAddress: direct, isLocal: self.isLocal)
    }

    /// As Envoy: over a Unix socket, from the loopback address, or from the address that was called.
    private var isLocal: Bool {
        guard let remote = self.remote else { return false }
        guard let bytes = remote.addressBytes else { return true }
        return bytes == [127, 0, 0, 1] || bytes == Self.loopback6 || bytes == self.local?.addressBytes
    }

    private static let loopback6: [UInt8] = [UInt8](repeating: 0, count: 15) + [1]
}
