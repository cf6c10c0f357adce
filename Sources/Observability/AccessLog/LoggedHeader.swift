// SPDX-License-Identifier: Apache-2.0

/// A header that a format asks for.
package struct LoggedHeader: Sendable, Hashable {
    /// Lower case; of a request also `:method`, `:path`, `:authority` and `:scheme`.
    package var name: String
    package var isOfResponse: Bool
    /// What the owner of the format made of the name when the format was compiled, so that a line needs no look at it.
    package var key: Int
}

extension LoggedHeader {
    /// Appends the header's value to the line; false if it is not there or empty.
    package typealias Writer = (LoggedHeader, inout LogLine) -> Bool
}
