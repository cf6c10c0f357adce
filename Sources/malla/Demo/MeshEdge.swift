// SPDX-License-Identifier: Apache-2.0

/// One service calling another.
package struct MeshEdge: Sendable, Hashable, Comparable {
    package var source: String
    package var destination: String

    package init(source: String, destination: String) {
        self.source = source
        self.destination = destination
    }

    package static func < (left: MeshEdge, right: MeshEdge) -> Bool {
        (left.source, left.destination) < (right.source, right.destination)
    }
}
