// SPDX-License-Identifier: Apache-2.0

/// Edits of a head, in order: first what is removed, then what is set or added.
package struct HeaderMutations: Sendable, Hashable {
    package enum Mode: Sendable, Hashable {
        case append
        case addIfAbsent
        case overwrite
        case overwriteIfPresent
    }

    package struct Edit: Sendable, Hashable {
        /// Lower case.
        package var name: String
        /// May hold `%COMMAND%` operators.
        package var value: String
        package var mode: Mode
        /// Also done where the value has become empty.
        package var keepsEmpty: Bool

        package init(name: String, value: String, mode: Mode, keepsEmpty: Bool = false) {
            self.name = name
            self.value = value
            self.mode = mode
            self.keepsEmpty = keepsEmpty
        }
    }

    package var edits: [Edit]
    package var removals: [String]

    package init(edits: [Edit] = [], removals: [String] = []) {
        self.edits = edits
        self.removals = removals
    }

    package var isEmpty: Bool { edits.isEmpty && removals.isEmpty }
}
