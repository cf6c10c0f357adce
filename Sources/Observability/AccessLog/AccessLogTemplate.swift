// SPDX-License-Identifier: Apache-2.0

/// One format text, compiled: literals and operators.
struct AccessLogTemplate: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case literal(String)
        /// `limit` is the `:Z` behind an operator: at most so many characters.
        case value(AccessLogOperator, limit: Int?)
    }

    var pieces: [Piece]

    func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        for piece in self.pieces {
            guard case .value(let kind, let limit) = piece else {
                if case .literal(let text) = piece { line.append(text) }
                continue
            }
            let start = line.bytes.count
            if kind.write(entry, to: &line, header: header) {
                if let limit { line.limit(from: start, to: limit) }
            } else {
                line.append(byte: UInt8(ascii: "-"))
            }
        }
    }
}

extension AccessLogOperator {
    /// False if there is nothing to write.
    func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) -> Bool {
        switch self {
        case .header(let name, let alternative):
            if header(name, &line) { return true }
            guard let alternative else { return false }
            return header(alternative, &line)
        case .startTime(let format):
            format.write(entry.startTime, to: &line)
            return true
        case .field(let field):
            switch field.value(entry) {
            case .text(let text): line.append(text)
            case .number(let number): line.append(number)
            case .absent: return false
            }
            return true
        }
    }

    /// Whether it yields a number, which JSON keeps as one.
    func isNumber(_ entry: borrowing AccessLogEntry) -> Bool {
        guard case .field(let field) = self, case .number = field.value(entry) else { return false }
        return true
    }
}
