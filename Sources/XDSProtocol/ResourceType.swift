// SPDX-License-Identifier: Apache-2.0

/// The resource types that are pushed on an aggregated stream, in make-before-break order.
package enum ResourceType: UInt8, Sendable, Hashable, CaseIterable, Comparable {
    case cluster, endpoints, listener, routes, secret

    package init?(typeURL: String) {
        guard let type = Self.allCases.first(where: { $0.typeURL == typeURL }) else { return nil }
        self = type
    }

    package var typeURL: String {
        switch self {
        case .cluster: "type.googleapis.com/envoy.config.cluster.v3.Cluster"
        case .endpoints: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
        case .listener: "type.googleapis.com/envoy.config.listener.v3.Listener"
        case .routes: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"
        case .secret: "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"
        }
    }

    /// As `istioctl proxy-status` heads its columns.
    package var shortName: String {
        switch self {
        case .cluster: "CDS"
        case .endpoints: "EDS"
        case .listener: "LDS"
        case .routes: "RDS"
        case .secret: "SDS"
        }
    }

    /// Whether a first request without names asks for everything, and a state-of-the-world response must hold everything
    /// (xDS protocol, "How the client specifies what resources to return").
    package var isWildcardType: Bool { self == .cluster || self == .listener }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
