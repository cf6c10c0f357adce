// SPDX-License-Identifier: Apache-2.0

/// A label selector as Kubernetes prints it: `app=a,version=v1`.
enum SelectorText {
    static func of(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
