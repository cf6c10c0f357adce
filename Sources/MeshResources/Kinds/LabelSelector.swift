// SPDX-License-Identifier: Apache-2.0

/// Which workloads a policy is about (`matchLabels`); an absent selector means all of the namespace.
package struct WorkloadLabelSelector: Sendable, Hashable {
    package var matchLabels: [String: String]

    package init(matchLabels: [String: String]) { self.matchLabels = matchLabels }

    package init(_ tree: ManifestValue) { matchLabels = tree.stringMap("matchLabels") ?? [:] }
}
