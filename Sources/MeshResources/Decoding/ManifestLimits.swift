// SPDX-License-Identifier: Apache-2.0

/// How much of an input is looked at before it is refused.
package struct ManifestLimits: Sendable, Hashable {
    /// Bytes of one input (a file, standard input, a request body).
    package var inputBytes: Int
    /// Documents in one input.
    package var documents: Int
    /// Levels of nesting in one document.
    package var depth: Int
    /// Values in one input, aliases expanded: what an alias bomb runs into.
    package var values: Int

    package init(inputBytes: Int = 3 << 20, documents: Int = 2_000, depth: Int = 64, values: Int = 500_000) {
        self.inputBytes = inputBytes
        self.documents = documents
        self.depth = depth
        self.values = values
    }

    package static let standard = ManifestLimits()
}
