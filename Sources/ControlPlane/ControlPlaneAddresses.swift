// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE

/// Where a running control plane answers, as `host:port`, and what proves it is the right one.
package struct ControlPlaneAddresses: Sendable, Hashable, Codable {
    package var api: String
    package var xds: String
    package var secureXds: String
    package var monitoring: String
    /// PEM file with the mesh's roots.
    package var trustBundle: String
    package var trustDomain: String
    package var kubeconfig: String
    package var pid: Int32

    /// For `malla run` and scripts: `D/run/control-plane.json`.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try PrivateFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }
}
