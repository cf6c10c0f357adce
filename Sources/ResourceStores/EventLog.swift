// SPDX-License-Identifier: Apache-2.0

/// The newest changes in memory, from which watches resume.
struct EventLog: Sendable {
    /// All changes after this revision are here.
    private(set) var floor: UInt64
    private var events: [ResourceEvent] = []
    private let capacity: Int

    init(floor: UInt64, capacity: Int) {
        self.floor = floor
        self.capacity = max(1, capacity)
    }

    mutating func append(_ new: [ResourceEvent]) {
        events += new
        // Trimmed by halves, so that the cost of moving the rest is spread over many appends.
        if events.count > 2 * capacity { drop(events.count - capacity) }
    }

    mutating func compact(through revision: UInt64) {
        drop(events.prefix { $0.revision <= revision }.count)
        floor = max(floor, revision)
    }

    func events(after revision: UInt64) -> ArraySlice<ResourceEvent> {
        var low = events.startIndex
        var high = events.endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if events[middle].revision <= revision { low = middle + 1 } else { high = middle }
        }
        return events[low...]
    }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        floor = events[count - 1].revision
        events.removeFirst(count)
    }
}
