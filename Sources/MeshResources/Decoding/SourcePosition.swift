// SPDX-License-Identifier: Apache-2.0

/// Where a value stands in the text it was read from; both count from 1.
package struct SourcePosition: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
