// SPDX-License-Identifier: Apache-2.0

/// Why a test could not go on.
struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
