// SPDX-License-Identifier: Apache-2.0

/// What belongs to the open streams of a connection, by their numbers.
///
/// Numbers only grow on a connection, so the table stays in order by appending; a question looks at a few neighbours, without hashing.
/// Inlinable, because its two users are specialised nowhere else: a lookup without that cost five times as much.
package struct StreamTable<Element> {
    @usableFromInline var ids: ContiguousArray<UInt32> = []
    @usableFromInline var elements: ContiguousArray<Element> = []

    @inlinable package init() {}

    @inlinable package var count: Int { self.ids.count }
    @inlinable package var isEmpty: Bool { self.ids.isEmpty }
    /// In the order of their numbers.
    @inlinable package var all: ContiguousArray<Element> { self.elements }

    @inlinable
    package subscript(id: UInt32) -> Element? {
        guard let index = self.index(of: id) else { return nil }
        return self.elements[index]
    }

    /// Takes the place of what was there under the number.
    @inlinable
    package mutating func insert(_ element: Element, for id: UInt32) {
        guard let last = self.ids.last, id <= last else {
            self.ids.append(id)
            self.elements.append(element)
            return
        }
        let place = self.place(of: id)
        if self.ids[place] == id {
            self.elements[place] = element
        } else {
            self.ids.insert(id, at: place)
            self.elements.insert(element, at: place)
        }
    }

    @inlinable
    @discardableResult
    package mutating func remove(_ id: UInt32) -> Element? {
        guard let index = self.index(of: id) else { return nil }
        self.ids.remove(at: index)
        return self.elements.remove(at: index)
    }

    @inlinable
    package mutating func removeAll() {
        self.ids.removeAll()
        self.elements.removeAll()
    }

    @inlinable
    func index(of id: UInt32) -> Int? {
        let place = self.place(of: id)
        guard place < self.ids.count, self.ids[place] == id else { return nil }
        return place
    }

    /// The first place whose number is not below `id`.
    @inlinable
    func place(of id: UInt32) -> Int {
        self.ids.withUnsafeBufferPointer { ids in
            var low = 0
            var high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if ids[middle] < id { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}
