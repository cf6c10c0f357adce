// SPDX-License-Identifier: Apache-2.0

/// What is taken from a proxy in front of us (`proxy_protocol` listener filter).
package struct ProxyProtocolPolicy: Sendable, Hashable {
    /// Connections that begin differently are taken as they are, instead of being closed.
    package var allowsOthers: Bool
    package var versions: Set<ProxyProtocolVersion>
    /// What of the header's further values is kept for the proxies behind us.
    package var keptValues: ProxyProtocolSelection

    package init(
        allowsOthers: Bool = false, versions: Set<ProxyProtocolVersion> = [.v1, .v2], keptValues: ProxyProtocolSelection = .none
    ) {
        self.allowsOthers = allowsOthers
        self.versions = versions
        self.keptValues = keptValues
    }
}

/// How a connection to an endpoint begins (`proxy_protocol` transport socket).
package struct ProxyProtocolOutput: Sendable, Hashable {
    package var version: ProxyProtocolVersion
    /// Of what the listener has kept.
    package var passedValues: ProxyProtocolSelection
    package var addedValues: [ProxyProtocolValue]

    package init(
        version: ProxyProtocolVersion, passedValues: ProxyProtocolSelection = .none, addedValues: [ProxyProtocolValue] = []
    ) {
        self.version = version
        self.passedValues = passedValues
        self.addedValues = addedValues
    }
}

package enum ProxyProtocolVersion: Sendable, Hashable { case v1, v2 }

/// A value of version 2 beside the addresses (TLV).
package struct ProxyProtocolValue: Sendable, Hashable {
    package var type: UInt8
    package var bytes: [UInt8]

    package init(type: UInt8, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

package enum ProxyProtocolSelection: Sendable, Hashable {
    case none
    case all
    case types(Set<UInt8>)

    package func contains(_ type: UInt8) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .types(let types): types.contains(type)
        }
    }
}
