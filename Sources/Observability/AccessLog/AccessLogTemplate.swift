// SPDX-License-Identifier: Apache-2.0

/// One format text, compiled: literals and operators.
struct AccessLogTemplate: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        /// A range of `literals`.
        case literal(start: Int, end: Int)
        /// `limit` is the `:Z` behind an operator: at most so many characters.
        case value(AccessLogOperator, limit: Int?)
    }

    /// All literals, one behind the other.
    var literals: [UInt8] = []
    var pieces: [Piece] = []
    var startTimes: [StartTimeFormat] = []

    func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        for piece in self.pieces {
            switch piece {
            case .literal(let start, let end):
                self.literals.withUnsafeBytes { line.append(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            case .value(let kind, let limit):
                let start = line.count
                if self.write(kind, of: entry, to: &line, header: header) {
                    if let limit { line.limit(from: start, to: limit) }
                } else {
                    line.append(byte: UInt8(ascii: "-"))
                }
            }
        }
    }

    /// False if there is nothing to write.
    func write(
        _ kind: AccessLogOperator, of entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer
    ) -> Bool {
        switch kind {
        case .header(let name, let alternative):
            if header(name, &line) { return true }
            guard let alternative else { return false }
            return header(alternative, &line)
        case .startTime(let index):
            self.startTimes[index].write(entry.startTime, to: &line)
            return true
        case .field(let field): return field.write(entry, to: &line)
        }
    }

    mutating func append(literal: String) {
        guard !literal.isEmpty else { return }
        let start = self.literals.count
        self.literals += literal.utf8
        self.pieces.append(.literal(start: start, end: self.literals.count))
    }
}
