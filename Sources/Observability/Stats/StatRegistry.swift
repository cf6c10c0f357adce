// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The numbers of what is configured, by name: whatever asks for the same name counts in the same cell, so that counts outlive a
/// change of the configuration. One that nothing counts in any more is forgotten, as in Envoy.
package final class StatRegistry: Sendable {
    private struct Entry {
        var name: StatName
        var cell: StatCell
    }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    package func cell(_ name: StatName) -> StatCell {
        self.entries.withLock { entries in
            if let known = entries[name.text] { return known.cell }
            let cell = StatCell()
            entries[name.text] = Entry(name: name, cell: cell)
            return cell
        }
    }

    /// Sorted by name.
    package func samples() -> [StatSample] {
        self.entries.withLock { entries in
            for key in entries.keys.sorted() {
                // Taken out, it is held once by this variable, and by whoever counts.
                guard var entry = entries.removeValue(forKey: key), !isKnownUniquelyReferenced(&entry.cell) else { continue }
                entries[key] = entry
            }
            return entries.values.map { StatSample(name: $0.name, value: $0.cell.current) }
                .sorted { $0.name.text < $1.name.text }
        }
    }
}

/// A number and what it was when it was asked for.
package struct StatSample: Sendable, Hashable {
    package var name: StatName
    package var value: Int

    package init(name: StatName, value: Int) {
        self.name = name
        self.value = value
    }
}
