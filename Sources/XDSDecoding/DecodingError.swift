// SPDX-License-Identifier: Apache-2.0

/// Why a resource cannot be run: becomes the message of a NACK.
package struct DecodingError: Error, Hashable, CustomStringConvertible {
    /// Of the innermost message that has its own type.
    package let typeURL: String
    /// From the resource down, as in `filter_chains[0].filters[1].typed_config`.
    package let path: String
    package let message: String

    package init(typeURL: String, path: String, message: String) {
        self.typeURL = typeURL
        self.path = path
        self.message = message
    }

    package var description: String { "\(self.typeURL): \(self.path.isEmpty ? "resource" : self.path): \(self.message)" }
}
