// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// What matched at one revision, sorted by key.
package struct ResourceList: Sendable {
    package var items: [ValidatedResource]
    package var revision: UInt64

    package init(items: [ValidatedResource], revision: UInt64) {
        self.items = items
        self.revision = revision
    }
}
