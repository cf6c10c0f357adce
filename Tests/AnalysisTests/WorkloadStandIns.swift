// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// Istio's tests have Pods where our meshes have WorkloadEntries.
enum WorkloadStandIns {
    static func replacingPods(_ text: String) -> String {
        text.components(separatedBy: "\n---").map { document in
            guard document.contains("\nkind: Pod") else { return document }
            var kept: [String] = []
            var isSpec = false
            for line in document.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
                if line.hasPrefix("apiVersion:") { kept.append("apiVersion: networking.istio.io/v1"); continue }
                if line.hasPrefix("kind:") { kept.append("kind: WorkloadEntry"); continue }
                if line.hasPrefix("spec:") { isSpec = true }
                if !isSpec { kept.append(line) }
            }
            return kept.joined(separator: "\n") + "\nspec: {address: 10.0.0.1}\n"
        }.joined(separator: "\n---")
    }
}
