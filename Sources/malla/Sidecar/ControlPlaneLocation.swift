// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Where an embedded control plane answers, from the files in its data directory.
package struct ControlPlaneLocation: Sendable, Hashable {
    /// `https://host:port` of the API server.
    package var server: String
    package var token: String
    /// Whose certificates the API server shows: PEM, from the kubeconfig.
    package var authority: Data
    package var kubeconfig: String
    package var secureXDSHost: String
    package var secureXDSPort: Int
    package var trustBundleFile: String
    package var trustDomain: String
    package var dataDirectory: String

    /// The data directory is the one given, else the kubeconfig's, else `~/.malla`.
    package static func read(dataDirectory: String?, environment: [String: String]) throws -> ControlPlaneLocation {
        let path = Kubeconfig.defaultPath(given: dataDirectory.map { "\($0)/kubeconfig" }, environment: environment)
        let directory = URL(filePath: path).deletingLastPathComponent().standardizedFileURL.path
        let running = "\(directory)/run/control-plane.json"
        guard let data = FileManager.default.contents(atPath: running) else {
            throw RunFailure("\(running) cannot be read: is `malla up` running with this data directory?")
        }
        let config: Kubeconfig
        do {
            config = try Kubeconfig(path: path)
        } catch let failure as CommandFailure {
            throw RunFailure(failure.message)
        }
        struct Running: Decodable {
            var secureXds: String
            var trustBundle: String
            var trustDomain: String?
        }
        guard let addresses = try? JSONDecoder().decode(Running.self, from: data) else {
            throw RunFailure("\(running) is not a file of `malla up`: it lacks secureXds or trustBundle")
        }
        guard let token = config.token, let authority = config.authority else {
            throw RunFailure("\(path) has no token or no certificate-authority-data: it is not a kubeconfig of `malla up`")
        }
        guard let colon = addresses.secureXds.lastIndex(of: ":"),
            let port = Int(addresses.secureXds[addresses.secureXds.index(after: colon)...])
        else { throw RunFailure("\(running): secureXds is not HOST:PORT") }
        let host = addresses.secureXds[..<colon].trimmingPrefix("[")
        return ControlPlaneLocation(
            server: config.server, token: token, authority: authority, kubeconfig: path,
            secureXDSHost: host.hasSuffix("]") ? String(host.dropLast()) : String(host),
            secureXDSPort: port, trustBundleFile: addresses.trustBundle, trustDomain: addresses.trustDomain ?? "cluster.local",
            dataDirectory: directory)
    }
}
