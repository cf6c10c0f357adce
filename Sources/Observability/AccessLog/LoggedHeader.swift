// SPDX-License-Identifier: Apache-2.0

/// A header that a format asks for.
package struct LoggedHeader: Sendable, Hashable {
    /// Lower case; of a request also `:method`, `:path`, `:authority` and `:scheme`.
    package var name: String
    package var isOfResponse: Bool
}

extension LoggedHeader {
    /// Appends the value of a header, by its place among the format's; false if it is not there or empty.
    package typealias Writer = (_ header: Int, inout LogLine) -> Bool
}
