// SPDX-License-Identifier: Apache-2.0

/// A compiled regular expression of RE2's syntax. Matching takes time linear in the text whatever the pattern, so no peer can
/// stall the proxy with a text made for it.
package struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case bytes(ByteSet)
        /// The first is preferred.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case begin
        case end
        case wordBoundary(Bool)
        case match
    }

    /// So that a snapshot with many patterns stays small.
    static let longest = 20_000

    package let pattern: String
    let instructions: [Instruction]
    let slots: Int

    package init(_ pattern: String) throws(RegexError) {
        var parser = RegexParser(pattern)
        let node: RegexNode
        do {
            node = try parser.parse()
        } catch let error as RegexError {
            throw error
        } catch {
            throw RegexError(message: "\(error)", offset: 0)
        }
        var compiler = Compiler()
        try compiler.emit(node)
        try compiler.append(.match)
        self.pattern = pattern
        instructions = compiler.instructions
        slots = 2 * (parser.groups + 1)
    }

    private struct Compiler {
        var instructions: [Instruction] = []

        mutating func append(_ instruction: Instruction) throws(RegexError) {
            guard instructions.count < RegexProgram.longest else {
                throw RegexError(message: "a pattern that is too large when repetitions are written out", offset: 0)
            }
            instructions.append(instruction)
        }

        mutating func emit(_ node: RegexNode) throws(RegexError) {
            switch node {
            case .empty: break
            case .bytes(let set): try append(.bytes(set))
            case .begin: try append(.begin)
            case .end: try append(.end)
            case .wordBoundary(let wanted): try append(.wordBoundary(wanted))
            case .sequence(let parts): for part in parts { try emit(part) }
            case .group(let inner, let index):
                if let index { try append(.save(2 * index)) }
                try emit(inner)
                if let index { try append(.save(2 * index + 1)) }
            case .alternatives(let choices):
                var ends: [Int] = []
                for (number, choice) in choices.enumerated() {
                    let isLast = number == choices.count - 1
                    let split = instructions.count
                    if !isLast { try append(.split(split + 1, 0)) }
                    try emit(choice)
                    if !isLast {
                        ends.append(instructions.count)
                        try append(.jump(0))
                        instructions[split] = .split(split + 1, instructions.count)
                    }
                }
                for end in ends { instructions[end] = .jump(instructions.count) }
            case .repetition(let inner, let minimum, let maximum, let greedy):
                for _ in 0..<minimum { try emit(inner) }
                if let maximum {
                    var splits: [Int] = []
                    for _ in minimum..<max(maximum, minimum) {
                        splits.append(instructions.count)
                        try append(.split(0, 0))
                        try emit(inner)
                    }
                    for split in splits { instructions[split] = order(split + 1, instructions.count, greedy: greedy) }
                } else {
                    let split = instructions.count
                    try append(.split(0, 0))
                    try emit(inner)
                    try append(.jump(split))
                    instructions[split] = order(split + 1, instructions.count, greedy: greedy)
                }
            }
        }

        private func order(_ into: Int, _ past: Int, greedy: Bool) -> Instruction {
            greedy ? .split(into, past) : .split(past, into)
        }
    }
}
