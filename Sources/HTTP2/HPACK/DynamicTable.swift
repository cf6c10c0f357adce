// SPDX-License-Identifier: Apache-2.0
import DequeModule

/// The fields that a peer's encoder asked to remember, newest first (RFC 7541 2.3.2).
struct DynamicTable {
    private var entries: Deque<FieldEntry> = []
    private(set) var size = 0
    private(set) var capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// - Parameter index: 0 is the newest.
    subscript(index: Int) -> FieldEntry? { self.entries.indices.contains(index) ? self.entries[index] : nil }

    mutating func insert(_ entry: FieldEntry) {
        self.evict(to: self.capacity - entry.size)
        // An entry larger than the whole table empties it and is not kept (RFC 7541 4.4).
        guard entry.size <= self.capacity else { return }
        self.entries.prepend(entry)
        self.size += entry.size
    }

    mutating func resize(_ capacity: Int) {
        self.capacity = capacity
        self.evict(to: capacity)
    }

    private mutating func evict(to limit: Int) {
        while self.size > max(limit, 0), let oldest = self.entries.popLast() { self.size -= oldest.size }
    }
}
