// SPDX-License-Identifier: Apache-2.0

/// Pike's simulation: all threads advance together, one byte at a time.
extension RegexProgram {
    /// Whether the pattern matches the whole text.
    package func matchesWhole(_ text: UnsafeRawBufferPointer) -> Bool {
        var current = ThreadList(capacity: instructions.count)
        var following = ThreadList(capacity: instructions.count)
        add(0, to: &current, at: 0, in: text)
        for position in text.indices {
            if current.isEmpty { return false }
            following.removeAll()
            for thread in current.threads {
                if case .bytes(let set) = instructions[thread], set.contains(text[position]) {
                    add(thread + 1, to: &following, at: position + 1, in: text)
                }
            }
            swap(&current, &following)
        }
        return current.threads.contains { if case .match = instructions[$0] { true } else { false } }
    }

    /// Every match that does not overlap another, from the left, replaced. `\1` … `\9` and `\0` in the substitution stand for
    /// groups, as in RE2's `GlobalReplace`.
    package func replacingMatches(in text: [UInt8], with substitution: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        var lastEnd: Int?
        while start <= text.count {
            guard let slots = firstMatch(in: text, from: start) else { break }
            let (low, high) = (slots[0], slots[1])
            result += text[start..<low]
            // As RE2: nothing is matched empty right behind a match.
            if high > low || lastEnd != low { expand(substitution, slots, text, into: &result) }
            lastEnd = high
            if high > low {
                start = high
            } else {
                if low < text.count { result.append(text[low]) }
                start = low + 1
            }
        }
        if start < text.count { result += text[start...] }
        return result
    }

    private func expand(_ substitution: [UInt8], _ slots: [Int], _ text: [UInt8], into result: inout [UInt8]) {
        var index = 0
        while index < substitution.count {
            let byte = substitution[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < substitution.count else {
                result.append(byte)
                continue
            }
            let next = substitution[index]
            index += 1
            if (48...57).contains(next) {
                let group = Int(next - 48)
                if 2 * group + 1 < slots.count, slots[2 * group] >= 0, slots[2 * group + 1] >= slots[2 * group] {
                    result += text[slots[2 * group]..<slots[2 * group + 1]]
                }
            } else {
                result.append(next)
            }
        }
    }

    /// Leftmost match at or after `start`, with the bounds of its groups; -1 for a group that took no part.
    private func firstMatch(in text: [UInt8], from start: Int) -> [Int]? {
        text.withUnsafeBytes { bytes in
            var current = CapturingThreads(capacity: instructions.count)
            var following = CapturingThreads(capacity: instructions.count)
            var best: [Int]?
            for position in start...text.count {
                if best == nil {
                    var slots = [Int](repeating: -1, count: self.slots)
                    slots[0] = position
                    addCapturing(0, slots, to: &current, at: position, in: bytes)
                }
                following.removeAll()
                threads: for (thread, slots) in current.threads {
                    switch instructions[thread] {
                    case .match:
                        var slots = slots
                        slots[1] = position
                        best = slots
                        break threads
                    case .bytes(let set):
                        if position < text.count, set.contains(bytes[position]) {
                            addCapturing(thread + 1, slots, to: &following, at: position + 1, in: bytes)
                        }
                    default: break
                    }
                }
                swap(&current, &following)
                if best != nil, current.threads.isEmpty { break }
            }
            return best
        }
    }

    private func holds(_ instruction: Instruction, at position: Int, in text: UnsafeRawBufferPointer) -> Bool {
        switch instruction {
        case .begin: return position == 0
        case .end: return position == text.count
        case .wordBoundary(let wanted):
            let before = position > 0 && ByteSet.word.contains(text[position - 1])
            let after = position < text.count && ByteSet.word.contains(text[position])
            return (before != after) == wanted
        default: return true
        }
    }

    /// Follows what consumes nothing. Not recursive: a pattern decides how deep it would go.
    private func add(_ start: Int, to list: inout ThreadList, at position: Int, in text: UnsafeRawBufferPointer) {
        list.pending.append(start)
        while let index = list.pending.popLast() {
            guard list.visit(index) else { continue }
            switch instructions[index] {
            case .jump(let target): list.pending.append(target)
            case .split(let first, let second):
                list.pending.append(second)
                list.pending.append(first)
            case .save: list.pending.append(index + 1)
            case .begin, .end, .wordBoundary:
                if holds(instructions[index], at: position, in: text) { list.pending.append(index + 1) }
            case .bytes, .match: list.threads.append(index)
            }
        }
    }

    private func addCapturing(
        _ start: Int, _ slots: [Int], to list: inout CapturingThreads, at position: Int, in text: UnsafeRawBufferPointer
    ) {
        list.pending.append((start, slots))
        while let (index, slots) = list.pending.popLast() {
            guard list.visit(index) else { continue }
            switch instructions[index] {
            case .jump(let target): list.pending.append((target, slots))
            case .split(let first, let second):
                list.pending.append((second, slots))
                list.pending.append((first, slots))
            case .save(let slot):
                var slots = slots
                slots[slot] = position
                list.pending.append((index + 1, slots))
            case .begin, .end, .wordBoundary:
                if holds(instructions[index], at: position, in: text) { list.pending.append((index + 1, slots)) }
            case .bytes, .match: list.threads.append((index, slots))
            }
        }
    }
}

/// The instructions that are waiting for a byte, each once.
private struct ThreadList {
    var threads: [Int] = []
    var pending: [Int] = []
    private var visited: [UInt64]

    init(capacity: Int) { visited = [UInt64](repeating: 0, count: capacity / 64 + 1) }

    var isEmpty: Bool { threads.isEmpty }

    mutating func visit(_ index: Int) -> Bool {
        let bit = UInt64(1) << UInt64(index & 63)
        guard visited[index >> 6] & bit == 0 else { return false }
        visited[index >> 6] |= bit
        return true
    }

    mutating func removeAll() {
        threads.removeAll(keepingCapacity: true)
        for index in visited.indices { visited[index] = 0 }
    }
}

private struct CapturingThreads {
    var threads: [(Int, [Int])] = []
    var pending: [(Int, [Int])] = []
    private var visited: [UInt64]

    init(capacity: Int) { visited = [UInt64](repeating: 0, count: capacity / 64 + 1) }

    mutating func visit(_ index: Int) -> Bool {
        let bit = UInt64(1) << UInt64(index & 63)
        guard visited[index >> 6] & bit == 0 else { return false }
        visited[index >> 6] |= bit
        return true
    }

    mutating func removeAll() {
        threads.removeAll(keepingCapacity: true)
        for index in visited.indices { visited[index] = 0 }
    }
}
