// SPDX-License-Identifier: Apache-2.0

/// A resource in the snapshot: its specification and where it stands.
package struct Configured<Specification: Sendable & Hashable>: Sendable, Hashable {
    package var name: String
    package var namespace: String
    package var annotations: [String: String]
    package var specification: Specification
    package var visibility: Visibility

    package init(
        name: String, namespace: String, annotations: [String: String] = [:], specification: Specification,
        visibility: Visibility = .everywhere
    ) {
        self.name = name
        self.namespace = namespace
        self.annotations = annotations
        self.specification = specification
        self.visibility = visibility
    }
}
