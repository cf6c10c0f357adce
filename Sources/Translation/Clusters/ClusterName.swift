// SPDX-License-Identifier: Apache-2.0

/// Istio's names of clusters: `outbound|8080|v1|auth.default.svc.cluster.local`, `inbound|8080||`.
package struct ClusterName: Sendable, Hashable, CustomStringConvertible {
    package enum Direction: String, Sendable, Hashable { case outbound, inbound }

    package var direction: Direction
    package var port: Int
    package var subset: String
    package var host: String

    package static let blackHole = "BlackHoleCluster"

    package static func outbound(_ host: String, port: Int, subset: String = "") -> Self {
        Self(direction: .outbound, port: port, subset: subset, host: host)
    }

    package static func inbound(port: Int) -> Self { Self(direction: .inbound, port: port, subset: "", host: "") }

    package var description: String { "\(direction.rawValue)|\(port)|\(subset)|\(host)" }

    /// Server name of a mutual-TLS connection to it. Underscores, because `|` is no part of a DNS name.
    package var serverName: String { "\(direction.rawValue)_.\(port)_.\(subset)_.\(host)" }

    package init(direction: Direction, port: Int, subset: String, host: String) {
        self.direction = direction
        self.port = port
        self.subset = subset
        self.host = host
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, let direction = Direction(rawValue: String(parts[0])), let port = Int(parts[1]) else { return nil }
        self.init(direction: direction, port: port, subset: String(parts[2]), host: String(parts[3]))
    }
}
