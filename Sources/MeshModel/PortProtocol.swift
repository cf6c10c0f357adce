// SPDX-License-Identifier: Apache-2.0

/// What is spoken on a service's port. The name of the port or its `appProtocol` decides, as in Istio.
package enum PortProtocol: String, Sendable, Hashable, CaseIterable {
    case http
    case http2
    case grpc
    case grpcWeb = "grpc-web"
    case https
    case tls
    case tcp
    case udp

    /// Requests are routed one by one; everything else is a stream of bytes.
    package var isHTTP: Bool {
        switch self {
        case .http, .http2, .grpc, .grpcWeb: true
        case .https, .tls, .tcp, .udp: false
        }
    }

    /// The application speaks HTTP/2 without negotiation.
    package var isHTTP2: Bool { self == .http2 || self == .grpc || self == .grpcWeb }

    /// Server-first protocols: never taken for HTTP when the port has no telling name.
    private static let wellKnownTCPPorts: Set<Int> = [25, 53, 3306, 27017]

    /// `appProtocol` wins over the name (`<protocol>[-suffix]`).
    ///
    /// Istio looks at the first bytes where neither tells. Malla does not sniff yet: such a port is HTTP, except the well-known
    /// ports of server-first protocols.
    package init(appProtocol: String?, portName: String, portNumber: Int, transport: String = "TCP") {
        if transport.uppercased() == "UDP" {
            self = .udp
        } else if let named = appProtocol.flatMap(Self.init(appProtocol:)) ?? Self(portName: portName) {
            self = named
        } else {
            self = Self.wellKnownTCPPorts.contains(portNumber) ? .tcp : .http
        }
    }

    /// Whether the port itself says what is spoken on it.
    package static func isTold(appProtocol: String?, portName: String, portNumber: Int, transport: String) -> Bool {
        transport.uppercased() == "UDP" || appProtocol.flatMap(Self.init(appProtocol:)) != nil || Self(portName: portName) != nil
            || wellKnownTCPPorts.contains(portNumber)
    }

    private init?(appProtocol: String) {
        switch appProtocol.lowercased() {
        case "kubernetes.io/h2c": self = .http2
        case "kubernetes.io/ws": self = .http
        case "kubernetes.io/wss": self = .https
        case let other:
            guard let known = Self(word: other) else { return nil }
            self = known
        }
    }

    private init?(portName: String) {
        let name = portName.lowercased()
        if name == "grpc-web" || name.hasPrefix("grpc-web-") {
            self = .grpcWeb
            return
        }
        let word = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? name
        guard let known = Self(word: word) else { return nil }
        self = known
    }

    /// Protocols that Istio knows by name and that we forward as bytes count as TCP.
    private init?(word: String) {
        switch word {
        case "mongo", "mysql", "redis": self = .tcp
        case "h2c": self = .http2
        default:
            guard let known = Self(rawValue: word) else { return nil }
            self = known
        }
    }
}
