// SPDX-License-Identifier: Apache-2.0

/// What every resource carries beside its specification.
package struct ResourceMetadata: Sendable, Hashable {
    package var name: String
    package var namespace: String
    package var labels: [String: String]
    package var annotations: [String: String]
    package var uid: String
    /// Position of the last change in the store's single sequence of changes; 0 before it is stored.
    package var resourceVersion: UInt64
    /// Counts changes of the specification.
    package var generation: Int64
    /// RFC 3339, UTC, to the second; empty before it is stored. Compares as text.
    package var creationTimestamp: String

    package init(
        name: String, namespace: String = "", labels: [String: String] = [:], annotations: [String: String] = [:], uid: String = "",
        resourceVersion: UInt64 = 0, generation: Int64 = 0, creationTimestamp: String = ""
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.generation = generation
        self.creationTimestamp = creationTimestamp
    }

    package init(_ tree: ManifestValue) {
        self.init(
            name: tree.string("name") ?? "", namespace: tree.string("namespace") ?? "", labels: tree.stringMap("labels") ?? [:],
            annotations: tree.stringMap("annotations") ?? [:], uid: tree.string("uid") ?? "",
            resourceVersion: tree.string("resourceVersion").flatMap { UInt64($0) } ?? 0,
            generation: tree["generation"]?.integer ?? 0, creationTimestamp: tree.string("creationTimestamp") ?? "")
    }

    /// Oldest first; resources of the same second go by name, so that the order is the same everywhere.
    package static func isOlder(_ left: ResourceMetadata, _ right: ResourceMetadata) -> Bool {
        (left.creationTimestamp, left.name, left.namespace) < (right.creationTimestamp, right.name, right.namespace)
    }
}
