// SPDX-License-Identifier: Apache-2.0

/// Timers that are set for every request and nearly always cancelled: both cost a few instructions and no allocation.
///
/// Time is counted in ticks. Two wheels: one slot a tick for the window of 1,024 ticks that runs, one slot a window for what is
/// later; when a window begins, its slot is dealt out. Later than the second wheel reaches: dealt out again and again.
struct TimerWheel: ~Copyable {
    private struct Entry {
        var target: (any TimerTarget)?
        var deadline: UInt64 = 0
        /// In the list of its slot, or of the free entries; -1 ends it.
        var next: Int32 = -1
        var previous: Int32 = -1
        /// Below `size` a tick's slot, from there on a window's; -1 for a free entry.
        var slot: Int32 = -1
        var generation: UInt32 = 0
        var kind = TimerKind.idle
    }

    struct Due {
        var target: any TimerTarget
        var kind: TimerKind
    }

    private static let bits: UInt64 = 10
    private static let size = 1 << Int(bits)
    private static let mask = UInt64(size - 1)

    private var entries: ContiguousArray<Entry> = []
    private var free: Int32 = -1
    /// First entry of each slot: ticks, then windows.
    private var slots = ContiguousArray<Int32>(repeating: -1, count: 2 * TimerWheel.size)
    /// A bit for each slot that holds an entry.
    private var used = ContiguousArray<UInt64>(repeating: 0, count: 2 * TimerWheel.size / 64)
    /// Every tick up to this one is over.
    private var current: UInt64
    private(set) var count = 0

    init(now: UInt64) { self.current = now }

    // MARK: Setting and cancelling

    /// At `deadline`, at the next tick at the earliest.
    mutating func insert(_ target: any TimerTarget, _ kind: TimerKind, at deadline: UInt64) -> TimerToken {
        let index: Int32
        if self.free >= 0 {
            index = self.free
            self.free = self.entries[Int(index)].next
        } else {
            index = Int32(truncatingIfNeeded: self.entries.count)
            self.entries.append(Entry())
        }
        self.entries[Int(index)].target = target
        self.entries[Int(index)].kind = kind
        self.entries[Int(index)].deadline = max(deadline, self.current &+ 1)
        self.count += 1
        self.link(index)
        return TimerToken(index: UInt32(bitPattern: index), generation: self.entries[Int(index)].generation)
    }

    mutating func cancel(_ token: TimerToken) {
        let index = Int32(bitPattern: token.index)
        guard index >= 0, Int(index) < self.entries.count, self.entries[Int(index)].generation == token.generation,
            self.entries[Int(index)].slot >= 0
        else { return }
        self.unlink(index)
        self.release(index)
    }

    // MARK: Passing of time

    /// One timer whose time has come by `now`; nil when there is none left.
    mutating func popDue(now: UInt64) -> Due? {
        while self.current < now {
            let tick = self.current &+ 1
            if tick & Self.mask == 0 { self.deal(window: tick >> Self.bits) }
            let end = min(tick | Self.mask, now)
            guard let slot = self.firstUsed(from: Int(tick & Self.mask), through: Int(end & Self.mask)) else {
                self.current = end
                continue
            }
            // The slot may hold more: it is looked at again.
            self.current = (tick & ~Self.mask | UInt64(slot)) &- 1
            let index = self.slots[slot]
            guard let target = self.entries[Int(index)].target else { return nil }
            let due = Due(target: target, kind: self.entries[Int(index)].kind)
            self.unlink(index)
            self.release(index)
            return due
        }
        return nil
    }

    /// When `popDue` has to be asked next; nil: not before something is inserted. May be earlier than the first deadline.
    var nextWake: UInt64? {
        let tick = self.current &+ 1
        let window = tick >> Self.bits
        if let slot = self.firstUsed(from: Int(tick & Self.mask), through: Self.size - 1) {
            return tick & ~Self.mask | UInt64(slot)
        }
        let here = Int(window & Self.mask)
        // A window that begins has not been dealt out yet.
        if tick & Self.mask == 0, self.slots[Self.size + here] >= 0 { return tick }
        // From the slot behind this window's, once around.
        if let slot = self.firstUsed(from: Self.size + here + 1, through: 2 * Self.size - 1) {
            return (window &+ UInt64(slot - Self.size - here)) << Self.bits
        }
        if let slot = self.firstUsed(from: Self.size, through: Self.size + here) {
            return (window &+ UInt64(slot - here)) << Self.bits
        }
        return nil
    }

    /// When an entry with this deadline has to be looked at first.
    func wake(for deadline: UInt64) -> UInt64 {
        let deadline = max(deadline, self.current &+ 1)
        return deadline >> Self.bits == (self.current &+ 1) >> Self.bits ? deadline : deadline & ~Self.mask
    }

    // MARK: Slots

    private mutating func deal(window: UInt64) {
        let slot = Self.size + Int(window & Self.mask)
        var index = self.slots[slot]
        self.slots[slot] = -1
        self.used[slot >> 6] &= ~(1 << UInt64(slot & 63))
        while index >= 0 {
            let next = self.entries[Int(index)].next
            self.link(index)
            index = next
        }
    }

    private mutating func link(_ index: Int32) {
        let window = self.entries[Int(index)].deadline >> Self.bits
        let running = (self.current &+ 1) >> Self.bits
        let slot: Int
        if window <= running {
            slot = Int(self.entries[Int(index)].deadline & Self.mask)
        } else {
            // What lies further than the wheel reaches waits in its last slot.
            slot = Self.size + Int(min(window, running &+ Self.mask) & Self.mask)
        }
        let head = self.slots[slot]
        self.entries[Int(index)].slot = Int32(truncatingIfNeeded: slot)
        self.entries[Int(index)].previous = -1
        self.entries[Int(index)].next = head
        if head >= 0 { self.entries[Int(head)].previous = index }
        self.slots[slot] = index
        self.used[slot >> 6] |= 1 << UInt64(slot & 63)
    }

    private mutating func unlink(_ index: Int32) {
        let slot = Int(self.entries[Int(index)].slot)
        let next = self.entries[Int(index)].next
        let previous = self.entries[Int(index)].previous
        if next >= 0 { self.entries[Int(next)].previous = previous }
        if previous >= 0 {
            self.entries[Int(previous)].next = next
        } else {
            self.slots[slot] = next
            if next < 0 { self.used[slot >> 6] &= ~(1 << UInt64(slot & 63)) }
        }
    }

    private mutating func release(_ index: Int32) {
        self.entries[Int(index)].target = nil
        self.entries[Int(index)].slot = -1
        self.entries[Int(index)].generation &+= 1
        self.entries[Int(index)].next = self.free
        self.free = index
        self.count -= 1
    }

    private func firstUsed(from first: Int, through last: Int) -> Int? {
        guard first <= last else { return nil }
        var word = first >> 6
        var bits = self.used[word] & (UInt64.max << UInt64(first & 63))
        while true {
            if bits != 0 {
                let slot = word << 6 + bits.trailingZeroBitCount
                return slot <= last ? slot : nil
            }
            word += 1
            guard word << 6 <= last else { return nil }
            bits = self.used[word]
        }
    }
}
