// SPDX-License-Identifier: Apache-2.0

/// What authorization may ask about a connection: proven by TLS or read off the socket.
package struct PeerFacts: Sendable, Hashable {
    /// URI names of the verified client certificate; empty without one.
    package var uriNames: [String]
    package var dnsNames: [String]
    package var subject: String
    package var hasCertificate: Bool
    /// Address of the connection's other end; 4 or 16 bytes.
    package var directAddress: [UInt8]?
    /// Address of the client, after trusted proxies.
    package var remoteAddress: [UInt8]?
    package var destinationAddress: [UInt8]?
    package var destinationPort: Int
    package var serverName: String

    package init(
        uriNames: [String] = [], dnsNames: [String] = [], subject: String = "", hasCertificate: Bool = false,
        directAddress: [UInt8]? = nil,
        remoteAddress: [UInt8]? = nil, destinationAddress: [UInt8]? = nil, destinationPort: Int = 0, serverName: String = ""
    ) {
        self.uriNames = uriNames
        self.dnsNames = dnsNames
        self.subject = subject
        self.hasCertificate = hasCertificate
        self.directAddress = directAddress
        self.remoteAddress = remoteAddress
        self.destinationAddress = destinationAddress
        self.destinationPort = destinationPort
        self.serverName = serverName
    }
}
