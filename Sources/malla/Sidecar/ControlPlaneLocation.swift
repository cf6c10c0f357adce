// SPDX-License-Identifier: Apache-2.0
import Foundation
import Yams

/// Where an embedded control plane answers, from the files in its data directory.
package struct ControlPlaneLocation: Sendable, Hashable {
    /// `http://host:port` of the API server.
    package var server: String
    package var token: String
    package var secureXDSHost: String
    package var secureXDSPort: Int
    package var trustBundleFile: String
    package var trustDomain: String
    package var dataDirectory: String

    /// The data directory is the one given, else the kubeconfig's, else `~/.malla`.
    package static func read(dataDirectory: String?, environment: [String: String]) throws -> ControlPlaneLocation {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let kubeconfig = dataDirectory.map { "\($0)/kubeconfig" } ?? environment["KUBECONFIG"] ?? "\(home)/.malla/kubeconfig"
        let directory = URL(filePath: kubeconfig).deletingLastPathComponent().standardizedFileURL.path
        guard let text = try? String(contentsOfFile: kubeconfig, encoding: .utf8) else {
            throw RunFailure("\(kubeconfig) cannot be read: is `malla up` running?")
        }
        struct Kubeconfig: Decodable {
            struct Cluster: Decodable {
                struct Value: Decodable { var server: String }
                var cluster: Value
            }
            struct User: Decodable {
                struct Value: Decodable { var token: String? }
                var user: Value
            }
            var clusters: [Cluster]
            var users: [User]
        }
        struct Running: Decodable {
            var secureXds: String
            var trustBundle: String
            var trustDomain: String?
        }
        let running = "\(directory)/run/control-plane.json"
        guard let data = FileManager.default.contents(atPath: running) else {
            throw RunFailure("\(running) cannot be read: is `malla up` running with this data directory?")
        }
        let config = try YAMLDecoder().decode(Kubeconfig.self, from: text)
        let addresses = try JSONDecoder().decode(Running.self, from: data)
        guard let server = config.clusters.first?.cluster.server, let token = config.users.first?.user.token else {
            throw RunFailure("\(kubeconfig) has no server or no token")
        }
        let parts = addresses.secureXds.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { throw RunFailure("\(running): secureXds is not HOST:PORT") }
        return ControlPlaneLocation(
            server: server, token: token, secureXDSHost: String(parts[0]), secureXDSPort: port,
            trustBundleFile: addresses.trustBundle, trustDomain: addresses.trustDomain ?? "cluster.local", dataDirectory: directory)
    }
}
