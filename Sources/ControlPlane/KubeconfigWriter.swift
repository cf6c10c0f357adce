// SPDX-License-Identifier: Apache-2.0
import SPIFFE

/// Writes the kubeconfig by which `malla`, `kubectl` and `istioctl` find the embedded API: readable by its owner only.
enum KubeconfigWriter {
    static func write(api: String, token: String, to path: String) throws {
        let text = """
            apiVersion: v1
            kind: Config
            clusters:
            - name: malla
              cluster:
                server: http://\(api)
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
