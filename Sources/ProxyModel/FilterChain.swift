// SPDX-License-Identifier: Apache-2.0

/// What is done with the connections that match.
package struct FilterChain: Sendable, Hashable {
    package var name: String
    package var match: FilterChainMatch
    /// Nil: the connection is taken as it is.
    package var tls: ServerTLSContext?
    /// How long the TLS handshake may take; nil: 15 s.
    package var transportTimeout: Duration?
    /// Checks before the last filter (network RBAC), in order.
    package var authorization: [AuthorizationFilter]
    package var terminal: TerminalFilter

    package init(
        name: String = "", match: FilterChainMatch = FilterChainMatch(), tls: ServerTLSContext? = nil,
        transportTimeout: Duration? = nil,
        authorization: [AuthorizationFilter] = [], terminal: TerminalFilter
    ) {
        self.name = name
        self.match = match
        self.tls = tls
        self.transportTimeout = transportTimeout
        self.authorization = authorization
        self.terminal = terminal
    }
}

/// The filter that a chain ends in.
package indirect enum TerminalFilter: Sendable, Hashable {
    case http(HTTPConnectionManager)
    case tcp(TCPProxy)
}

/// Conditions on a connection; an empty list is not asked.
package struct FilterChainMatch: Sendable, Hashable {
    package enum Transport: String, Sendable, Hashable {
        case tls
        case raw = "raw_buffer"
    }

    package enum SourceType: Sendable, Hashable {
        /// From this machine.
        case local
        case external
    }

    package var destinationPort: Int?
    package var destinationRanges: [AddressRange]
    /// Of the connection's other end, whoever it speaks for.
    package var directSourceRanges: [AddressRange]
    /// nil: any.
    package var sourceType: SourceType?
    package var sourceRanges: [AddressRange]
    package var sourcePorts: [Int]
    /// Lower case; `*.domain` for any name below it.
    package var serverNames: [String]
    package var transport: Transport?
    package var applicationProtocols: [String]

    package init(
        destinationPort: Int? = nil, destinationRanges: [AddressRange] = [], directSourceRanges: [AddressRange] = [],
        sourceType: SourceType? = nil, sourceRanges: [AddressRange] = [],
        sourcePorts: [Int] = [],
        serverNames: [String] = [], transport: Transport? = nil, applicationProtocols: [String] = []
    ) {
        self.destinationPort = destinationPort
        self.destinationRanges = destinationRanges
        self.directSourceRanges = directSourceRanges
        self.sourceType = sourceType
        self.sourceRanges = sourceRanges
        self.sourcePorts = sourcePorts
        self.serverNames = serverNames
        self.transport = transport
        self.applicationProtocols = applicationProtocols
    }
}
