// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE

/// Writes the kubeconfig by which `malla`, `kubectl` and `istioctl` find the embedded API and know it from others: readable by
/// its owner only.
enum KubeconfigWriter {
    static func write(api: String, token: String, authorities: TrustBundle, to path: String) throws {
        let authorities = Data(try authorities.pemText().utf8).base64EncodedString()
        let text = """
            apiVersion: v1
            kind: Config
            clusters:
            - name: malla
              cluster:
                server: https://\(api)
                certificate-authority-data: \(authorities)
            users:
            - name: malla
              user:
                token: "\(token)"
            contexts:
            - name: malla
              context:
                cluster: malla
                user: malla
                namespace: default
            current-context: malla

            """
        try PrivateFile.write(text, to: path)
    }
}
