// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The Huffman code of HPACK (RFC 7541 5.2 and Appendix B).
///
/// The code is canonical: symbols of equal length have consecutive codes in the order of their values, so the lengths alone
/// determine it. Decoding walks an automaton four bits at a time.
enum HuffmanCode {
    /// Length in bits of the code of each byte; the last one is EOS.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28,
        28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23,
        24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22,
        23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
        27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27,
        26,
        30,
    ]

    private static let endOfString = 256

    /// What four bits do in a state.
    private struct Step {
        var next: UInt16
        var symbol: UInt8
        var emits: Bool
        /// The bits lead to no code, or to EOS, which no string may hold.
        var fails: Bool
    }

    private struct Automaton {
        /// 16 steps for each state.
        var steps: [Step]
        /// Whether a string may end in the state: at most seven bits, all ones, since the last symbol.
        var accepts: [Bool]
    }

    private static let automaton: Automaton = {
        // The code as a binary tree: children[2 × node + bit]; negative: ~symbol; 0: none (the root is nobody's child).
        var children: [Int] = [0, 0]
        var depths: [Int] = [0]
        var allOnes: [Bool] = [true]
        var code: UInt32 = 0
        var length: UInt8 = 0
        let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        for symbol in order {
            code <<= UInt32(lengths[symbol] - length)
            length = lengths[symbol]
            var node = 0
            for position in stride(from: Int(length) - 1, through: 0, by: -1) {
                let bit = Int(code >> UInt32(position) & 1)
                if position == 0 {
                    children[2 * node + bit] = ~symbol
                } else if children[2 * node + bit] == 0 {
                    let made = depths.count
                    children[2 * node + bit] = made
                    depths.append(depths[node] + 1)
                    allOnes.append(allOnes[node] && bit == 1)
                    children += [0, 0]
                    node = made
                } else {
                    node = children[2 * node + bit]
                }
            }
            code += 1
        }
        var steps: [Step] = []
        for state in depths.indices {
            for bits in 0..<16 {
                var step = Step(next: 0, symbol: 0, emits: false, fails: false)
                var node = state
                for position in stride(from: 3, through: 0, by: -1) where !step.fails {
                    let child = children[2 * node + (bits >> position & 1)]
                    if child > 0 {
                        node = child
                    } else if child == 0 || ~child == endOfString {
                        step.fails = true
                    } else {
                        // No code is shorter than five bits: four bits end at most one.
                        step.symbol = UInt8(truncatingIfNeeded: ~child)
                        step.emits = true
                        node = 0
                    }
                }
                step.next = UInt16(truncatingIfNeeded: node)
                steps.append(step)
            }
        }
        let accepts = depths.indices.map { allOnes[$0] && depths[$0] < 8 }
        return Automaton(steps: steps, accepts: accepts)
    }()

    /// Writes what `bytes` stand for. nil if they are no code, or there is no room for it.
    static func decode(_ bytes: UnsafeRawBufferPointer, into space: UnsafeMutableRawBufferPointer) -> Int? {
        let automaton = Self.automaton
        return automaton.steps.withUnsafeBufferPointer { steps in
            var state = 0
            var count = 0
            for byte in bytes {
                var step = steps[state << 4 | Int(byte >> 4)]
                for half in 0..<2 {
                    if half == 1 { step = steps[state << 4 | Int(byte & 15)] }
                    guard !step.fails else { return nil }
                    if step.emits {
                        guard count < space.count else { return nil }
                        space[count] = step.symbol
                        count += 1
                    }
                    state = Int(step.next)
                }
            }
            return automaton.accepts[state] ? count : nil
        }
    }
}
