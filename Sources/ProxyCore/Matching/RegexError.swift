// SPDX-License-Identifier: Apache-2.0

/// A pattern that cannot be compiled.
package struct RegexError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// Byte offset in the pattern.
    package var offset: Int

    package var description: String { "\(message) at byte \(offset) of the pattern" }
}
