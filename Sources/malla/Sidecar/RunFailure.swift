// SPDX-License-Identifier: Apache-2.0

/// Why a workload could not be run.
package struct RunFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
