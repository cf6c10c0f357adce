// SPDX-License-Identifier: Apache-2.0
import Foundation
package import SPIFFE

/// Puts the mesh's roots where proxies and people find them. Public: readable by everyone, replaced as a whole.
package enum TrustBundlePublisher {
    package static func publish(_ bundle: TrustBundle, to path: String) throws {
        let text = try bundle.pemText()
        if let current = try? String(contentsOfFile: path, encoding: .utf8), current == text { return }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw MeshCAError(.storage, "cannot write \(path)")
        }
    }
}
