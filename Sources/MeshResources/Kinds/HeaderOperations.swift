// SPDX-License-Identifier: Apache-2.0

/// Edits of request and response headers.
package struct HeaderOperations: Sendable, Hashable {
    package struct Edits: Sendable, Hashable {
        package var set: [String: String]
        package var add: [String: String]
        package var remove: [String]

        package init(_ tree: ManifestValue?) {
            set = tree?.stringMap("set") ?? [:]
            add = tree?.stringMap("add") ?? [:]
            remove = tree?.strings("remove") ?? []
        }
    }

    package var request: Edits
    package var response: Edits

    package init(_ tree: ManifestValue) {
        request = Edits(tree["request"])
        response = Edits(tree["response"])
    }
}
