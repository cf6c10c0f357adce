// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a bootstrap file, and at which field.
package struct BootstrapError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `static_resources.clusters[0].load_assignment`; empty for the whole document.
    package var path: String
    package var reason: String
    /// Of a mistake in the document's syntax: the line, and the document.
    package var line: Int?
    package var document: String?

    package init(path: String = "", reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { self.path.isEmpty ? self.reason : "\(self.path): \(self.reason)" }
}
