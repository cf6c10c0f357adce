// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// ServiceEntries that give one host and port different protocols.
struct ServiceEntryProtocolCheck {
    private struct Place: Hashable {
        /// Nil: exported to all.
        var scope: String?
        var host: String
        var port: Int
    }

    private struct Claim: Hashable {
        var key: ResourceKey
        var name: String
    }

    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        var claims: [Place: [Claim]] = [:]
        for (key, entry) in mesh.serviceEntries {
            for scope in ExportScope.scopes(entry.exportTo, in: key.namespace) {
                for host in entry.hosts {
                    for port in entry.ports {
                        claims[Place(scope: scope, host: host.lowercased(), port: port.number), default: []].append(
                            Claim(key: key, name: (port.protocol ?? "").uppercased()))
                    }
                }
            }
        }
        return claims.flatMap { place, own -> [Finding] in
            let everywhere = Place(scope: nil, host: place.host, port: place.port)
            let all = Set(own + (place.scope == nil ? [] : claims[everywhere] ?? []))
            let protocols = Set(all.map(\.name))
            guard protocols.count > 1 else { return [] }
            let keys = Set(all.map(\.key))
            let names = keys.map { "\($0.namespace)/\($0.name)" }.sorted().joined(separator: ", ")
            return keys.map {
                Finding(
                    .conflictingServiceEntryProtocol, $0, path: "spec.ports",
                    "Multiple ServiceEntries (\(names)) define the same host \"\(place.host)\" and port \(place.port) with conflicting protocols (\(protocols.sorted().joined(separator: ", ")))."
                )
            }
        }
    }
}
