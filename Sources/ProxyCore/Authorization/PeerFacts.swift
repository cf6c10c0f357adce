// SPDX-License-Identifier: Apache-2.0

/// What authorization may ask about a connection: proven by TLS or read off the socket. A class, so that a request takes it by one
/// reference.
package final class PeerFacts: Sendable {
    /// URI names of the verified client certificate; empty without one.
    package let uriNames: [String]
    package let dnsNames: [String]
    package let subject: String
    package let hasCertificate: Bool
    /// Address of the connection's other end; 4 or 16 bytes.
    package let directAddress: [UInt8]?
    /// Address of the client, after trusted proxies.
    package let remoteAddress: [UInt8]?
    package let destinationAddress: [UInt8]?
    package let destinationPort: Int
    package let serverName: String

    static let none = PeerFacts()

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

    /// The same connection, on behalf of a client that trusted proxies name.
    package func forwarded(for address: [UInt8]?) -> PeerFacts {
        PeerFacts(
            uriNames: self.uriNames, dnsNames: self.dnsNames, subject: self.subject, hasCertificate: self.hasCertificate,
            directAddress: self.directAddress, remoteAddress: address, destinationAddress: self.destinationAddress,
            destinationPort: self.destinationPort, serverName: self.serverName)
    }

    func address(_ which: MatchProgram.Address) -> [UInt8]? {
        switch which {
        case .direct: self.directAddress
        case .remote: self.remoteAddress ?? self.directAddress
        case .destination: self.destinationAddress
        }
    }
}
