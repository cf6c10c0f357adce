// SPDX-License-Identifier: Apache-2.0

/// Everything that is wrong with the arguments of `malla run`, told at once.
package struct RunArgumentsError: Error, Sendable, Hashable, CustomStringConvertible {
    package var mistakes: [String]

    package var description: String { mistakes.joined(separator: "\n") }
}
