// SPDX-License-Identifier: Apache-2.0

/// One number of a group: its name behind the group's prefix, and how the numbers of several event loops become one.
package struct StatField: Sendable, Hashable {
    package enum Merging: Sendable, Hashable {
        case sum
        /// Every loop says the same, or soon will.
        case largest
    }

    package var name: String
    package var kind: StatName.Kind
    package var merging: Merging

    package init(_ name: String, _ kind: StatName.Kind = .counter, _ merging: Merging = .sum) {
        self.name = name
        self.kind = kind
        self.merging = merging
    }
}
